import { documentAddress, documentOf, resourceAddress } from './address.ts';
import { isMarked } from './inventory.ts';
import { actionOf, removalPermissions, resourcePermissions, usesOf } from './needs.ts';
import { dependenciesOf } from './order.ts';
import { isOurs } from './ownership.ts';
import type { Ownership } from './ownership.ts';
import type { Seen } from './observe.ts';
import type { PlanRun, PlannedInternals } from './plan.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type {
  Action,
  Address,
  Calls,
  Cause,
  Change,
  Desired,
  Finding,
  Late,
  OnRemove,
  Orphan,
  Pause,
  Permission,
  Reason,
  ResourceType,
  Value,
  Verb,
} from './types.ts';

/** `trueup/explain@1`: all that is known of one document, or of one object. */
export interface ExplainResult {
  readonly format: 'trueup/explain@1';
  /** As it was asked for. */
  readonly address: Address;
  readonly owner: string;
  /** Could all of it be looked at? */
  readonly complete: boolean;
  /** Null: nothing declares it. */
  readonly document: ExplainedDocument | null;
  readonly objects: readonly ExplainedObject[];
  readonly findings: readonly Finding[];
  /** A command. */
  readonly next: string;
  readonly calls: Calls;
}

interface ExplainedDocument {
  readonly address: Address;
  readonly file: string;
  readonly line: number;
  readonly summary: string;
  readonly formerly: readonly string[];
  readonly adopt: boolean;
  readonly protect: boolean;
  /** Null: as each type does by itself. */
  readonly onRemove: OnRemove | null;
  readonly paused?: Pause;
}

export interface ExplainedObject {
  readonly id: Address;
  readonly type: string;
  /** Physical name or id; null: not known before it exists, or not looked at. */
  readonly resource: string | null;
  readonly account: string;
  readonly region: string;
  readonly declared: boolean;
  readonly state: 'present' | 'absent' | 'unknown' | 'not-looked-at';
  readonly ownership: {
    /** Null: nothing tells. */
    readonly verdict: Ownership['verdict'] | null;
    /** A clause. */
    readonly says: string;
    /** As found on the object itself: `owner/kind/name/logical id`. */
    readonly marker: string | null;
    /** How the type is marked. */
    readonly by: ResourceType['marker'];
  };
  /** What is written on an object of ours; null: not there, not ours, or not looked at. */
  readonly protected: boolean | null;
  /** What becomes of an object of ours when nothing declares it any more; null: it goes with what contains it. */
  readonly onRemove: OnRemove | null;
  /** What the document asks for; references that are open stay symbolic. */
  readonly properties: readonly { readonly path: string; readonly value: Value | Late<Value> }[];
  readonly plan: {
    /** Null: nothing would be done. */
    readonly action: Verb | null;
    readonly reason: Reason | null;
    /** A clause. */
    readonly says: string;
    readonly changes: readonly (Change & { /** A clause: who moved. */ readonly says: string })[];
  };
  readonly dependsOn: readonly Address[];
  readonly neededBy: readonly Address[];
  /** What the calls need of IAM. */
  readonly permissions: { readonly look: readonly Permission[]; readonly act: readonly Permission[] };
}

const CAUSES: Readonly<Record<Cause, string>> = {
  git: 'the document changed since the last apply',
  drift: 'it was changed outside git',
  both: 'the document changed, and so did the object outside git',
  unknown: 'nothing tells who changed it',
};

const REASONS: Readonly<Record<Reason, string>> = {
  missing: 'it does not exist',
  declared: 'the document asks for it',
  drifted: 'it was changed outside git',
  both: 'the document changed, and so did the object outside git',
  unfinished: 'it is half made',
  'not-declared': 'nothing declares it any more',
  renamed: 'its document was renamed',
  inherited: 'the owner was renamed',
};

/** What is known of a declared document, or with a logical id of one of its objects; undefined: it has no such object. */
export function explainDeclared(world: World, run: PlanRun, address: Address): ExplainResult | undefined {
  const internals = run.documents.get(address) ?? run.documents.get(documentOf(address));
  const planned = run.plan.documents.find(
    (one) => internals && documentAddress(one) === documentAddress(internals.document),
  );
  if (!internals || !planned) return undefined;
  const { document, resources } = internals;
  const isWhole = documentAddress(document) === address;
  const chosen = resources.filter(({ id }) => isWhole || resourceAddress(document, id) === address);
  if (chosen.length === 0 && !isWhole) return undefined;
  const isBlocked = planned.findings.some(({ severity }) => severity === 'blocks');
  const objects = chosen.map((desired) => explainResource(world, run, internals, desired, isBlocked));
  return {
    format: 'trueup/explain@1',
    address,
    owner: run.plan.owner,
    complete: isWhole ? run.plan.complete : objects.every(({ state }) => state !== 'unknown'),
    document: {
      address: documentAddress(document),
      file: document.source.file,
      line: document.source.line,
      summary: planned.summary,
      formerly: document.formerly,
      adopt: document.adopt,
      protect: document.protect,
      onRemove: document.onRemove ?? null,
      ...(planned.paused && { paused: planned.paused }),
    },
    objects,
    findings: planned.findings,
    next: nextOf(documentAddress(document), objects),
    calls: world.calls(),
  };
}

/** What is known of objects with our marker that nothing declares; undefined: there are none of this address. */
export function explainUndeclared(world: World, run: PlanRun, address: Address): ExplainResult | undefined {
  const orphans = run.orphans.filter(({ id }) => id === address || documentOf(id) === address);
  if (orphans.length === 0) return undefined;
  const objects = orphans.map((orphan) => explainOrphan(world, run, orphan));
  return {
    format: 'trueup/explain@1',
    address,
    owner: run.plan.owner,
    complete: true,
    document: null,
    objects,
    findings: run.plan.findings.filter(({ document }) => document === address || document === documentOf(address)),
    next: objects.some(({ plan }) => plan.action !== null) ? 'trueup plan --out plan.json' : 'trueup drift',
    calls: world.calls(),
  };
}

function explainResource(
  world: World,
  run: PlanRun,
  { document, resources, seen: all }: PlannedInternals,
  desired: Desired,
  isBlocked: boolean,
): ExplainedObject {
  const id = resourceAddress(document, desired.id);
  const type = typeOf(world, desired.type);
  const seen = all.find((one) => one.desired === desired);
  const action = actionOf(run.plan.actions, id);
  const address = (logicalId: string): Address => resourceAddress(document, logicalId);
  return {
    id,
    type: desired.type,
    resource: resourceOf(type, seen),
    ...desired.place,
    declared: true,
    state: !seen || seen.withheld ? 'not-looked-at' : seen.observation.state,
    ownership: { ...ownershipOf(type, seen), by: type.marker },
    ...metadataOf(type, seen),
    properties: Object.entries(desired.properties).map(([path, value]) => ({
      path,
      value: type.show ? type.show(path, value) : value,
    })),
    plan: planOf(action, calmText(seen, isBlocked)),
    dependsOn: dependenciesOf(desired).map(address),
    neededBy: resources.filter((other) => dependenciesOf(other).includes(desired.id)).map((other) => address(other.id)),
    permissions: {
      look: seen ? resourcePermissions(world, seen, all, ['read']) : [],
      act: seen ? resourcePermissions(world, seen, all, usesOf(action)) : [],
    },
  };
}

/** What exists by its own name; of what does not, the name that it would get, where it is known before. */
function resourceOf(type: ResourceType, seen: Seen | undefined): string | null {
  if (!seen || seen.withheld) return null;
  if (seen.observation.state === 'present') return seen.observation.resource;
  return type.describe(seen.draft);
}

/** The ownership table of docs/architecture.md in words. Of what is not ours no more is said than that (threats T29). */
function ownershipOf(
  type: ResourceType,
  seen: Seen | undefined,
): Pick<ExplainedObject['ownership'], 'verdict' | 'says' | 'marker'> {
  if (!seen) return { verdict: null, says: 'not looked at while the document is paused', marker: null };
  if (seen.withheld)
    return { verdict: null, says: 'not looked at: it hangs on an object that is not ours', marker: null };
  const { observation, ownership } = seen;
  if (observation.state === 'unknown' || !ownership) {
    const why = observation.state === 'unknown' ? ` (${observation.reason}): ${observation.detail}` : '';
    return { verdict: null, says: `could not be looked at${why}`, marker: null };
  }
  const twins = observation.state === 'present' ? (observation.twins ?? []) : [];
  const more = twins.length === 0 ? '' : `; ${twins.join(', ')} could be it as well`;
  const marker = observation.state === 'present' && isMarked(type) ? (observation.marker ?? null) : null;
  return { verdict: ownership.verdict, says: `${verdictText(ownership)}${more}`, marker };
}

function verdictText(ownership: Ownership): string {
  switch (ownership.verdict) {
    case 'absent':
      return 'nothing is there';
    case 'ours':
      return 'ours: it carries our marker';
    case 'unfinished':
      return 'ours, half made: it carries our marker, and was never finished';
    case 'foreign':
      return 'not ours: it carries no marker';
    case 'adoptable':
      return 'not ours yet: it is taken over, as metadata.adopt or an earlier owner lets it';
    case 'copy':
      return 'not ours: our marker was copied to it';
    case 'taken':
      return `another document’s: ${ownership.by}`;
    case 'renamed':
      return `ours, under its former name: ${ownership.from}`;
    case 'inherited':
      return `ours, under the former owner ${ownership.from}`;
    case 'theirs':
      return `not ours: it belongs to the owner ${ownership.by}`;
  }
}

function metadataOf(type: ResourceType, seen: Seen | undefined): Pick<ExplainedObject, 'protected' | 'onRemove'> {
  if (!seen || seen.withheld || seen.observation.state !== 'present' || !isOurs(seen.ownership)) {
    return { protected: null, onRemove: null };
  }
  const { observation } = seen;
  const own = type.remove || type.release ? (observation.onRemove ?? (type.stateful ? 'release' : 'delete')) : null;
  return isMarked(type) ? { protected: observation.protected, onRemove: own } : { protected: null, onRemove: null };
}

/** @param calm why nothing would be done. */
function planOf(action: Action | undefined, calm: string): ExplainedObject['plan'] {
  if (action) {
    const changes = action.changes.map((change) => ({ ...change, says: CAUSES[change.cause] }));
    return {
      action: action.action,
      reason: action.reason,
      says: `${action.action}: ${REASONS[action.reason]}`,
      changes,
    };
  }
  return { action: null, reason: null, says: `nothing: ${calm}`, changes: [] };
}

function calmText(seen: Seen | undefined, isBlocked: boolean): string {
  if (!seen || seen.withheld || seen.observation.state === 'unknown') return 'it was not looked at';
  if (!isOurs(seen.ownership)) return 'it is not ours';
  if (seen.observation.state === 'absent') return 'there is nothing to be in it yet';
  return isBlocked ? 'it is as it should be, but for what blocks its document' : 'it is as it should be';
}

function explainOrphan(world: World, run: PlanRun, orphan: Orphan): ExplainedObject {
  const { id, type: name, resource, account, region, why } = orphan;
  const removal = run.removals.find(
    ({ target, place }) => target.address === id && place.account === account && place.region === region,
  );
  const type = world.types.get(name);
  const verb = removal?.action.action ?? null;
  return {
    id,
    type: name,
    resource,
    account,
    region,
    declared: false,
    state: 'present',
    ownership: {
      verdict: why === undefined ? 'ours' : null,
      says:
        why === undefined
          ? 'ours: it carries our marker, and nothing declares it'
          : `it carries our marker, and nothing declares it; ${why}`,
      marker: `${run.plan.owner}/${id}`,
      by: type?.marker ?? 'tag',
    },
    protected: run.guarded.protected.has(id),
    onRemove: verb === 'release' || verb === 'delete' ? verb : null,
    properties: [],
    plan: planOf(removal?.action, 'it is left alone'),
    dependsOn: removal?.action.dependsOn ?? [],
    neededBy: run.removals.filter(({ action }) => action.dependsOn.includes(id)).map(({ action }) => action.id),
    permissions: {
      look: removal ? removalPermissions(world, removal, ['read']) : [],
      act: removal ? removalPermissions(world, removal, usesOf(removal.action)) : [],
    },
  };
}

function nextOf(document: Address, objects: readonly ExplainedObject[]): string {
  if (objects.some(({ state }) => state === 'unknown')) return `trueup plan --only ${document}`;
  const actions = objects.flatMap(({ plan }) => plan.action ?? []);
  if (actions.length > 0) return `trueup plan --only ${document} --out plan.json`;
  const isBlocked = objects.some(({ ownership }) => ownership.verdict !== 'ours' && ownership.verdict !== 'absent');
  return isBlocked ? `trueup plan --only ${document}` : `trueup verify --only ${document}`;
}
