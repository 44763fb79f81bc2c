import { documentAddress } from './address.ts';
import type { PartOf } from './parts.ts';
import type { Action, Address, Document, GuardTrip } from './types.ts';

/** `spec.guards` of Settings. */
export interface GuardLimits {
  readonly deletes: DeleteLimits;
  /** Whether a protected object may go by an override only. */
  readonly requireProtectedOverride: boolean;
}

/** Trips when more than `count` go, or, of at least `from`, more than `percent` %. */
export interface DeleteLimits {
  readonly percent: number;
  readonly count: number;
  readonly from: number;
}

/** What estate-wide guards judge. */
export interface GuardedPlan {
  readonly actions: readonly Action[];
  /** Every document of the tree. */
  readonly documents: readonly Document[];
  /** What carries our marker, declared or not, by kind: objects that were seen, those of one part as one. */
  readonly population: ReadonlyMap<string, number>;
  /** By what objects are counted as one; absent: each counts. */
  readonly partOf?: PartOf;
  /** Of the tree itself. */
  readonly limits: GuardLimits;
  /** Of the tree before this change: the stricter of both holds (threats T13). */
  readonly base?: GuardLimits;
  /** What the tree was before this change cannot be read: nobody knows how strict it was. */
  readonly unreadableBase?: boolean;
  /** Ids of actions on objects that carry the tag trueup:protect. */
  readonly protected: ReadonlySet<Address>;
  /** Stateful objects that were there once and are gone, with what tells so. */
  readonly recreated: readonly { readonly action: Action; readonly evidence: Address }[];
  /** What Settings change in the same go that decides who acts, and on whose objects. */
  readonly loosened: readonly Loosening[];
}

/** A change of Settings that must be merged before it is used. */
export interface Loosening {
  /** Twelve digits: whoever acts there uses it. Absent: whoever takes over objects of an earlier owner does. */
  readonly account?: string;
  /** Whatever is done uses it. */
  readonly always?: true;
  /** Such as `planRole, applyRole of account prod`. */
  readonly what: string;
}

/** Of two sets of limits, in each point the stricter. */
export function stricterLimits(a: GuardLimits, b: GuardLimits): GuardLimits {
  return {
    deletes: {
      percent: Math.min(a.deletes.percent, b.deletes.percent),
      count: Math.min(a.deletes.count, b.deletes.count),
      from: Math.min(a.deletes.from, b.deletes.from),
    },
    requireProtectedOverride: a.requireProtectedOverride || b.requireProtectedOverride,
  };
}

const LOOSENED = 'the limit of Settings before this change: a loosening counts from its own merge on';

/** What stands in the way of the plan as a whole, in a fixed order. */
export function estateTrips(plan: GuardedPlan): readonly GuardTrip[] {
  return [
    ...emptyConfig(plan),
    ...removalsUnseen(plan),
    ...vanishedKinds(plan),
    ...deletes(plan),
    ...protectedObjects(plan),
    ...recreatedObjects(plan),
    ...takenOver(plan),
    ...loosenedSettings(plan),
  ];
}

function kindOfAction({ document }: Action): string {
  return document.slice(0, document.indexOf('/'));
}

/** Does an object go, deleted or let go? */
export function isRemoval({ action }: Pick<Action, 'action'>): boolean {
  return action === 'delete' || action === 'release';
}

function emptyConfig({ actions, documents }: GuardedPlan): readonly GuardTrip[] {
  const removals = actions.filter(isRemoval);
  if (documents.length > 0 || removals.length === 0) return [];
  return [
    {
      code: 'empty-config',
      message: `no document is left but Settings, and ${counted(removals.length)} of this estate would go`,
      hint: 'usual causes: --config points elsewhere; a merge or a checkout lost the files',
      sealed: true,
    },
  ];
}

/** Limits that were loosened in the same change cannot be told from those that always held (threats T13). */
function removalsUnseen({ actions, unreadableBase }: GuardedPlan): readonly GuardTrip[] {
  const removals = actions.filter(isRemoval);
  if (!unreadableBase || removals.length === 0) return [];
  return [
    {
      code: 'unreadable-base',
      message: `what the configuration was before cannot be read, and ${counted(removals.length)} would go`,
      hint: 'name a commit that can be read with --base, or mend what base-unreadable says',
      sealed: true,
    },
  ];
}

function vanishedKinds({ actions, documents }: GuardedPlan): readonly GuardTrip[] {
  if (documents.length === 0) return [];
  const declared = new Set(documents.map(({ kind }) => kind));
  const vanished = actions.filter((action) => isRemoval(action) && !declared.has(kindOfAction(action)));
  return byKind(vanished).map(([kind, list]) => ({
    code: 'vanished-kind',
    about: kind,
    message: `no document of kind ${kind} is left, and ${counted(list.length)} of it would go`,
    hint: 'usual causes: a folder was moved out of --config; a merge lost the files',
    sealed: true,
  }));
}

function deletes({ actions, population, partOf = (id) => id, limits, base }: GuardedPlan): readonly GuardTrip[] {
  const gone = actions.filter(({ action }) => action === 'delete' || action === 'replace');
  const strict = base ? stricterLimits(limits, base) : limits;
  return byKind(gone).flatMap(([kind, list]) => {
    const parts = new Set(list.map(({ id }) => partOf(id))).size;
    const there = Math.max(population.get(kind) ?? 0, parts);
    const limit = tripped(parts, there, strict.deletes);
    if (limit === undefined) return [];
    const isLoosened = tripped(parts, there, limits.deletes) === undefined;
    const share = ((100 * parts) / there).toFixed(1);
    const what = parts === list.length ? 'objects' : `parts, ${list.length} objects in all`;
    return [
      {
        code: 'deletes',
        about: kind,
        message: `${kind} would lose ${parts} of ${there} ${what} (${share} %, limit ${limit})${isLoosened ? `; ${LOOSENED}` : ''}`,
        sealed: true as const,
      },
    ];
  });
}

/** The limit that is passed, in words. */
function tripped(gone: number, there: number, { percent, count, from }: DeleteLimits): string | undefined {
  if (there >= from && (100 * gone) / there > percent) return `${percent} %`;
  return gone > count ? `${count}` : undefined;
}

function protectedObjects({ actions, protected: marked, limits, base }: GuardedPlan): readonly GuardTrip[] {
  const isRequired = limits.requireProtectedOverride || base?.requireProtectedOverride;
  if (!isRequired) return [];
  const hit = actions.filter((action) => (isRemoval(action) || action.action === 'replace') && marked.has(action.id));
  return hit.map((action) => ({
    code: 'protected',
    about: action.id,
    message: `${action.id} (${action.type} ${action.resource}) is protected by its tag trueup:protect and would be ${past(action)}`,
    hint: 'without an override: declare it again with metadata.protect: false, apply that, then remove it',
    sealed: true,
  }));
}

function recreatedObjects({ actions, recreated }: GuardedPlan): readonly GuardTrip[] {
  const planned = new Set(actions.map(({ id }) => id));
  const hit = recreated.filter(({ action }) => planned.has(action.id));
  return hit.map(({ action, evidence }) => ({
    code: 're-creation',
    document: action.document,
    about: action.id,
    message: `${action.id} (${action.type}) is gone, and ${evidence}, which was made for it, is still listed as ours: a new one would be empty, and not the old one`,
    hint: 'restore it, or let exactly this plan make a new one',
    sealed: true,
  }));
}

/** A takeover was allowed by its own reviewed line; it stands here so that nobody overlooks it. */
function takenOver(plan: GuardedPlan): readonly GuardTrip[] {
  return plan.actions
    .filter((action) => action.action === 'adopt' || action.reason === 'inherited')
    .map((action) => {
      const { id, document, type, resource } = action;
      const isInherited = inherits(plan, action);
      const whose = isInherited ? 'which carries the marker of an earlier owner' : 'which trueup did not make';
      return {
        code: 'adopt',
        document,
        about: id,
        message: `${id} takes over ${type} ${resource}, ${whose}`,
        allowedBy: isInherited ? 'spec.formerly of Settings' : 'metadata.adopt',
        sealed: true,
      };
    });
}

/** What an earlier owner of this estate had, marked anew; or taken over by a document that takes nothing over by itself. */
function inherits({ documents }: GuardedPlan, { action, document, reason }: Action): boolean {
  if (reason === 'inherited') return true;
  return action === 'adopt' && documents.some((one) => documentAddress(one) === document && !one.adopt);
}

function loosenedSettings(plan: GuardedPlan): readonly GuardTrip[] {
  return plan.loosened.flatMap(({ account, always, what }) => {
    const uses = plan.actions.filter((action) => {
      if (always) return true;
      return account === undefined ? inherits(plan, action) : action.account === account;
    });
    if (uses.length === 0) return [];
    const where = account === undefined ? '' : ` in account ${account}`;
    return [
      {
        code: 'loosened-settings',
        about: account ?? what,
        message: `Settings change ${what}, and the same change uses it: ${uses.length === 1 ? '1 action' : `${uses.length} actions`}${where}`,
        hint: 'merge the change of Settings first, alone',
        sealed: true as const,
      },
    ];
  });
}

function byKind(actions: readonly Action[]): readonly (readonly [kind: string, actions: readonly Action[]])[] {
  const kinds = [...new Set(actions.map(kindOfAction))].sort();
  return kinds.map((kind) => [kind, actions.filter((action) => kindOfAction(action) === kind)]);
}

function counted(objects: number): string {
  return objects === 1 ? '1 object' : `${objects} objects`;
}

function past({ action }: Action): string {
  if (action === 'release') return 'released';
  return action === 'replace' ? 'replaced' : 'deleted';
}
