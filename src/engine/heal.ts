import { documentAddress } from './address.ts';
import { digestOf, isLive } from './digest.ts';
import { estateTrips } from './estate-guards.ts';
import { bindGuards, guardTrips } from './guards.ts';
import { summaryOf } from './plan.ts';
import type { PlanRun } from './plan.ts';
import type { World } from './world.ts';
import type { Action, Address, PlannedDocument, Verb } from './types.ts';

/** Why a document that differs is not healed: a closed set. */
export type NotHealed = 'not-applied' | 'blocked' | 'unknown' | 'spared';

export interface HealingRules {
  /** Was the document, as it is declared now, seen without a difference before? */
  readonly wasInLine: (document: Address, seal: string) => boolean;
  /** A document that is looked at and never written. */
  readonly spared?: Address | undefined;
}

/** What of a plan undoes drift. */
export interface Healing {
  /** The plan of what is healed, and nothing else; guards hold for it by themselves. */
  readonly run: PlanRun;
  /** Documents that differ and are left alone. */
  readonly left: readonly { readonly document: Address; readonly why: NotHealed }[];
  /** Documents that are as they should be, with their seals. */
  readonly inLine: ReadonlyMap<Address, string>;
}

/** By which an object that was applied before becomes what it was. */
const HEALING: readonly Verb[] = ['create', 'update', 'replace'];

/**
 * Narrows a plan to the documents of which every difference is drift, so that nothing that git has brought since comes
 * with it. That is so where the document is, by its seal, what it was when nothing differed last, and no stamp of another
 * apply stands against it: then whatever is missing or other was changed behind git. Where nobody has seen it so, the
 * marker's stamps must say it of every change.
 * Nothing is ever removed, taken over or marked anew.
 */
export function narrowToHealing(world: World, found: PlanRun, { wasInLine, spared }: HealingRules): Healing {
  const { plan } = found;
  const judged = plan.documents.map((planned) => {
    const document = documentAddress(planned);
    const actions = plan.actions.filter((action) => action.document === document && !movesByItself(action));
    const verdict = verdictOf(planned, actions, wasInLine(document, planned.seal));
    return { document, planned, actions, verdict: verdict === 'heal' && document === spared ? 'spared' : verdict };
  });
  const healed = new Set(judged.flatMap(({ document, verdict }) => (verdict === 'heal' ? [document] : [])));
  return {
    run: narrowed(world, found, healed),
    left: judged.flatMap(({ document, verdict }) =>
      verdict === 'heal' || verdict === 'in-line' ? [] : [{ document, why: verdict }],
    ),
    inLine: new Map(
      judged.flatMap(({ document, planned, verdict }) =>
        verdict === 'in-line' && planned.paused === undefined ? [[document, planned.seal] as const] : [],
      ),
    ),
  };
}

function verdictOf(
  { findings }: PlannedDocument,
  actions: readonly Action[],
  wasInLine: boolean,
): 'heal' | 'in-line' | NotHealed {
  if (findings.some(({ code }) => code === 'unknown')) return 'unknown';
  if (findings.some(({ severity }) => severity === 'blocks')) return 'blocked';
  if (actions.length === 0) return 'in-line';
  const isHealing = actions.every(({ action }) => HEALING.includes(action));
  const isDrift = actions.every(wasInLine ? isNobodysApply : isStampedDrift);
  return isHealing && isDrift ? 'heal' : 'not-applied';
}

function isStampedDrift({ action, changes }: Action): boolean {
  return action === 'update' && changes.length > 0 && changes.every(({ cause }) => cause === 'drift');
}

/** Where the stamp is that of an apply of something else, such as a newer version's, it is not undone. */
function isNobodysApply({ action, changes }: Action): boolean {
  // What is missing carries no stamp.
  return action === 'create' || changes.every(({ cause }) => cause === 'drift' || cause === 'unknown');
}

/** A mirror whose primary has moved on: its own function follows, and nobody changed anything. */
function movesByItself(action: Action): boolean {
  return isLive(action) && action.changes.every(({ cause }) => cause !== 'drift');
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
