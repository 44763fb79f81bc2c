import { documentAddress } from './address.ts';
import { isStampOf } from './applied.ts';
import { actionsOf } from './by-document.ts';
import { digestOf, isLive } from './digest.ts';
import { estateTrips } from './estate-guards.ts';
import { bindGuards, guardTrips } from './guards.ts';
import { summaryOf } from './plan.ts';
import type { PlanRun } from './plan.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Action, Address, Change, Guard, PlannedDocument, Verb } from './types.ts';

/** Why a document that differs is not healed: a closed set, in the order in which people should hear of it. */
export const NOT_HEALED = ['unknown', 'blocked', 'guarded', 'not-applied', 'spared'] as const;

export type NotHealed = (typeof NOT_HEALED)[number];

export interface HealingRules {
  /** Was the document, as it is declared now, seen without a difference before? */
  readonly wasInLine: (document: Address, seal: string) => boolean;
  /** Of what is missing: is it sure that no apply took it away? */
  readonly wasTakenByHand: (id: Address) => boolean;
  /** A document that is looked at and never written. */
  readonly isSpared: (document: Address) => boolean;
}

/** A document that differs, or may, and is not healed. */
export interface LeftAlone {
  readonly document: Address;
  readonly why: NotHealed;
  /** What a finding says of it. */
  readonly message?: string;
}

/** What of a plan undoes drift. */
export interface Healing {
  /** The plan of what is healed, and nothing else; guards hold for it by themselves. */
  readonly run: PlanRun;
  /** Documents that differ and are left alone. */
  readonly left: readonly LeftAlone[];
  /** Documents that are as they should be, with their seals. */
  readonly inLine: ReadonlyMap<Address, string>;
}

/** By which an object that was applied before becomes what it was. */
const HEALING: readonly Verb[] = ['create', 'update', 'replace'];

/**
 * Narrows a plan to the documents of which every difference is drift, so that nothing that git has brought since comes
 * with it. That is so where the document is, by its seal, what it was when nothing differed last, and nothing tells of an
 * apply of something else since: no stamp, and of what is missing no apply that may have taken it away. Where nobody has
 * seen it so, the marker's stamps must say it of every change. Of content, such as records, only what was changed in the
 * account is drift, and not what moved where it comes from.
 * Nothing is ever removed, taken over or marked anew. What trips a guard is left alone, and the rest healed.
 */
export function narrowToHealing(world: World, found: PlanRun, rules: HealingRules): Healing {
  const { plan } = found;
  const judged = plan.documents.map((planned) => {
    const document = documentAddress(planned);
    const actions = actionsOf(plan.actions, document).filter((action) => !movesByItself(action));
    const verdict = verdictOf(planned, actions, rules, (id) => isOfAnotherVersion(world, found, { document, id }));
    return { document, planned, verdict: verdict === 'heal' && rules.isSpared(document) ? 'spared' : verdict };
  });
  const wanted = new Set(judged.flatMap(({ document, verdict }) => (verdict === 'heal' ? [document] : [])));
  const run = unguarded(world, found, wanted);
  const healed = new Set(run.plan.documents.map(documentAddress));
  return {
    run,
    left: judged.flatMap(({ document, planned, verdict }) => {
      if (verdict === 'in-line' || healed.has(document)) return [];
      return [leftAlone(planned, verdict === 'heal' ? 'guarded' : verdict)];
    }),
    inLine: new Map(
      judged.flatMap(({ document, planned, verdict }) =>
        verdict === 'in-line' && planned.paused === undefined ? [[document, planned.seal] as const] : [],
      ),
    ),
  };
}

function leftAlone(planned: PlannedDocument, why: NotHealed): LeftAlone {
  const finding = planned.findings.find(({ code, severity }) =>
    why === 'unknown' ? code === 'unknown' : why === 'blocked' && severity === 'blocks',
  );
  return { document: documentAddress(planned), why, ...(finding && { message: finding.message }) };
}

function verdictOf(
  planned: PlannedDocument,
  actions: readonly Action[],
  { wasInLine, wasTakenByHand }: HealingRules,
  isOthers: (id: Address) => boolean,
): 'heal' | 'in-line' | NotHealed {
  const { findings, seal } = planned;
  if (findings.some(({ code }) => code === 'unknown')) return 'unknown';
  if (findings.some(({ severity }) => severity === 'blocks')) return 'blocked';
  if (actions.length === 0) return 'in-line';
  const isHealing = actions.every(({ action }) => HEALING.includes(action));
  const isKnown = wasInLine(documentAddress(planned), seal);
  const isDrift = actions.every((action) => {
    if (action.action === 'create') return isKnown && wasTakenByHand(action.id);
    return isKnown ? isNobodysApply(action) && !isOthers(action.id) : isStampedDrift(action);
  });
  return isHealing && isDrift ? 'heal' : 'not-applied';
}

function isStampedDrift({ action, changes }: Action): boolean {
  return action === 'update' && changes.length > 0 && changes.every(({ cause }) => cause === 'drift');
}

/** Did another version of trueup stamp the object last? What that one declares is not known here. */
function isOfAnotherVersion(
  world: World,
  { documents }: PlanRun,
  { document, id }: Pick<Action, 'document' | 'id'>,
): boolean {
  const seen = documents.get(document)?.seen.find(({ address }) => address === id);
  if (seen?.observation.state !== 'present' || seen.observation.applied === undefined) return false;
  return !isStampOf(typeOf(world, seen.desired.type).managed, seen.observation.applied);
}

/** Where the stamp is that of an apply of something else it is not undone. */
function isNobodysApply({ changes }: Action): boolean {
  return changes.every((change) => change.cause === 'drift' || (change.cause === 'unknown' && !isContent(change)));
}

/** Bulk content: it may differ because its source has moved on. */
function isContent({ extent, items, live }: Change): boolean {
  return extent !== undefined || items !== undefined || live === true;
}

/** A mirror whose primary has moved on: its own function follows, and nobody changed anything. */
function movesByItself(action: Action): boolean {
  return isLive(action) && action.changes.every(({ cause }) => cause !== 'drift');
}

/** Without the documents that trip a guard: one of them must not keep all others from being healed. */
function unguarded(world: World, found: PlanRun, wanted: ReadonlySet<Address>): PlanRun {
  const run = narrowed(world, found, wanted);
  const standing = run.plan.guards.filter(({ allowed }) => !allowed);
  if (standing.length === 0) return run;
  const guilty = new Set(
    run.plan.actions
      .filter((action) => standing.some((guard) => isAbout(guard, action)))
      .map(({ document }) => document),
  );
  // Where nobody can be named, nobody is healed.
  return unguarded(world, found, new Set(guilty.size === 0 ? [] : [...wanted].filter((one) => !guilty.has(one))));
}

function isAbout({ document, about }: Guard, { id, document: own, resource, account }: Action): boolean {
  if (document !== undefined) return document === own;
  return about === id || about === own || about === resource || about === account || own.startsWith(`${about}/`);
}

function narrowed(world: World, found: PlanRun, healed: ReadonlySet<Address>): PlanRun {
  const { plan, guarded } = found;
  const actions = plan.actions.filter((action) => healed.has(action.document) && !movesByItself(action));
  const documents = plan.documents.filter((planned) => healed.has(documentAddress(planned)));
  const declared = [...found.documents.values()].map(({ document }) => document);
  const trips = [
    ...estateTrips({ ...guarded, actions }),
    ...guardTrips(
      world,
      declared.filter((document) => healed.has(documentAddress(document))),
      actions,
    ),
  ];
  const { unchanged, kept } = plan.summary;
  const body = { format: plan.format, owner: plan.owner, documents, actions, guards: trips, findings: [] };
  const digest = digestOf(body);
  return {
    ...found,
    removals: [],
    plan: {
      ...plan,
      ...body,
      partial: true,
      digest,
      summary: { ...summaryOf(actions), unchanged, kept },
      // Nobody has reviewed it: no override can name it.
      guards: bindGuards(trips, digest, [], world.clock.now()),
    },
  };
}
