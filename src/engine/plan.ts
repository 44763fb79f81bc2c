import { documentAddress, resourceAddress } from './address.ts';
import { digestOf } from './digest.ts';
import { estateTrips } from './estate-guards.ts';
import type { GuardLimits, GuardedPlan } from './estate-guards.ts';
import { bindGuards, guardTrips } from './guards.ts';
import type { Override } from './guards.ts';
import { partsOf } from './parts.ts';
import { populationOf, protectedActions, recreationsOf } from './guarded.ts';
import type { Before } from './inventory.ts';
import { observeDocument } from './observe.ts';
import type { Seen } from './observe.ts';
import { otherNames } from './other-names.ts';
import { planResource } from './plan-resource.ts';
import type { PlannedResource } from './plan-resource.ts';
import { formerAddresses, heirsOf, planPruning, unseenFindings } from './prune.ts';
import type { Removal } from './prune.ts';
import { documentSeal } from './seal.ts';
import { forgottenFindings, lookForUndeclared, orphansOf } from './undeclared.ts';
import type { SearchRequest } from './undeclared.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';
import type {
  Action,
  Address,
  Desired,
  Document,
  Finding,
  Orphan,
  Plan,
  PlannedDocument,
  Summary,
  Verb,
} from './types.ts';

export interface PlanRequest {
  /** The documents to plan, Settings excluded. */
  readonly documents: readonly Document[];
  /** Every document of the tree, for findings across documents. */
  readonly all: readonly Document[];
  readonly accounts: Readonly<Record<string, string>>;
  readonly config: Plan['config'];
  readonly overrides: readonly Override[];
  /** Documents were left out on purpose. */
  readonly partial: boolean;
  /** The documents are all that a change touches, and what it drops is what `base` has of them: the rest is not its business. */
  readonly isChange?: boolean;
  /** Of a change whose base is not at hand: documents that it drops. What they left is looked for by its marker. */
  readonly gone?: ReadonlySet<Address>;
  /** Estate-wide guards; absent: none, as in a function, which removes nothing. */
  readonly limits?: GuardLimits;
  /** Settings before this change. */
  readonly base?: {
    readonly limits: GuardLimits;
    readonly loosened: GuardedPlan['loosened'];
    readonly before: Before;
    /** Somebody named the base: what went since is what git says, not what the account holds. */
    readonly explicit: boolean;
  };
  /** There is a base, and it cannot be read. */
  readonly unreadableBase?: boolean;
  /** What is to be known of the request itself. */
  readonly findings?: readonly Finding[];
}

/** Where nothing is ever removed there is nothing to guard. */
const NO_LIMITS: GuardLimits = {
  deletes: { percent: 0, count: 0, from: 0 },
  requireProtectedOverride: true,
};

/** A plan with what the executor needs and no reader sees. */
export interface PlanRun {
  readonly plan: Plan;
  readonly documents: ReadonlyMap<string, PlannedInternals>;
  /** Objects that nothing declares, with what is to become of them. */
  readonly removals: readonly Removal[];
  /** Everything with our marker that nothing declares. */
  readonly orphans: readonly Orphan[];
  /** What the estate's guards judge, but for the actions. */
  readonly guarded: Omit<GuardedPlan, 'actions'>;
}

export interface PlannedInternals {
  readonly document: Document;
  readonly resources: readonly Desired[];
  readonly seal: string;
  readonly seen: readonly Seen[];
  /** Resources whose content shows only once the document is applied. */
  readonly later: readonly Address[];
}

interface DocumentRun extends PlannedInternals {
  readonly planned: PlannedDocument;
  readonly actions: readonly Action[];
  readonly known: boolean;
  readonly unchanged: number;
  readonly kept: number;
}

/** Compiles, observes and compares every document, and looks for what none declares; the result is data. */
export async function planEstate(world: World, request: PlanRequest): Promise<PlanRun> {
  const documents = [...request.documents].sort((a, b) => (documentAddress(a) < documentAddress(b) ? -1 : 1));
  const looked = refuseRivals(
    await Promise.all(documents.map((document) => planDocument(world, document, request.all))),
  );
  const undeclared = await lookForUndeclared(world, searchOf(request), looked);
  const runs = await Promise.all(
    looked.map(async (run) => withFindings(run, await otherNames(world, run, undeclared.marked))),
  );
  const declaredActions = runs.flatMap((run) => run.actions);
  const isSeen = runs.every((run) => run.known) && undeclared.unseen.length === 0;
  const paused = new Set(request.all.filter((document) => isPaused(document, world.clock.now())).map(documentAddress));
  const pruning = await planPruning(undeclared, {
    paused,
    former: formerAddresses(request.all),
    heirs: heirsOf(runs.filter(({ document }) => !paused.has(documentAddress(document)))),
    declared: new Set(
      runs.flatMap(({ document, resources }) => resources.map(({ id }) => resourceAddress(document, id))),
    ),
    actions: declaredActions,
    complete: isSeen,
  });
  const isComplete = isSeen && pruning.unseen.length === 0;
  const actions = [...declaredActions, ...pruning.removals.map(({ action }) => action)].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const guarded: Omit<GuardedPlan, 'actions'> = {
    documents: request.all,
    population: populationOf(world, runs, undeclared, request.isChange ?? false),
    partOf: partsOf(world),
    limits: request.limits ?? NO_LIMITS,
    ...(request.base && { base: request.base.limits }),
    unreadableBase: request.unreadableBase ?? false,
    protected: protectedActions(runs, pruning.removals),
    recreated: await recreationsOf(world, runs, undeclared.marked),
    loosened: request.base?.loosened ?? [],
  };
  const trips = [...estateTrips({ ...guarded, actions }), ...guardTrips(world, documents, actions)];
  const body = {
    format: 'trueup/plan@1',
    owner: world.estate.owner,
    documents: runs.map((run) => run.planned),
    actions,
    guards: trips,
    findings: [
      ...unseenFindings([...undeclared.unseen, ...pruning.unseen]),
      ...forgottenFindings(world, searchOf(request)),
      ...pruning.findings,
      ...(request.findings ?? []),
    ],
  } as const;
  const digest = digestOf(body);
  const plan: Plan = {
    format: body.format,
    digest,
    complete: isComplete,
    owner: body.owner,
    accounts: request.accounts,
    config: request.config,
    ...(request.partial && { partial: true as const }),
    summary: summarise(runs, actions),
    documents: body.documents,
    actions,
    guards: bindGuards(trips, digest, request.overrides, world.clock.now()),
    findings: body.findings,
    calls: world.calls(),
  };
  return {
    plan,
    documents: new Map(runs.map((run) => [documentAddress(run.document), run])),
    removals: pruning.removals,
    orphans: orphansOf(undeclared, pruning),
    guarded,
  };
}

function searchOf({ all, partial, isChange = false, gone, base, accounts }: PlanRequest): SearchRequest {
  return {
    all,
    partial,
    isChange,
    ...(gone && { gone }),
    ...(base && { before: base.before }),
    onlyDropped: base?.explicit ?? false,
    accounts: Object.values(accounts),
  };
}

/** Two documents that turn out to hold the very same object: neither is applied. */
function refuseRivals(runs: readonly DocumentRun[]): readonly DocumentRun[] {
  const holders = new Map<string, DocumentRun[]>();
  for (const run of runs) {
    for (const { desired, observation } of run.seen) {
      if (observation.state !== 'present') continue;
      const key = `${desired.type} ${observation.resource} in ${desired.place.account}`;
      holders.set(key, [...(holders.get(key) ?? []), run]);
    }
  }
  return runs.map((run) => {
    const rivals = [...holders].filter(([, list]) => list.length > 1 && list.includes(run));
    const findings = rivals.map(([key, list]): Finding => {
      const others = list.filter((other) => other !== run).map((other) => documentAddress(other.document));
      return {
        document: documentAddress(run.document),
        code: 'claimed-twice',
        severity: 'blocks',
        message: `${key} is held by ${others.join(', ')} too: an object can follow one document only`,
      };
    });
    return withFindings(run, findings);
  });
}

function withFindings(run: DocumentRun, findings: readonly Finding[]): DocumentRun {
  if (findings.length === 0) return run;
  return { ...run, planned: { ...run.planned, findings: [...run.planned.findings, ...findings] } };
}

/** Is the pause still in force? It ends with the day that it names. */
export function isPaused(document: Document, now: number): boolean {
  return document.pause !== undefined && new Date(now).toISOString().slice(0, 10) < document.pause.until;
}

async function planDocument(world: World, document: Document, all: readonly Document[]): Promise<DocumentRun> {
  const kind = kindOf(world, document);
  const resources = kind.compile(document, world.estate);
  const seal = documentSeal(document, world.estate, kind);
  const paused = isPaused(document, world.clock.now());
  const looked = paused ? [] : await observeDocument(world, document, resources, seal);
  // People read of a document's resources in the order in which its kind names them.
  const seen = [...looked].sort((a, b) => resources.indexOf(a.desired) - resources.indexOf(b.desired));
  const [planned, around] = await Promise.all([
    Promise.all(seen.map((resource) => planWithin(world, document, resource))),
    paused ? [] : (kind.look?.(document, world.estate) ?? []),
  ]);
  const actions = planned.flatMap(({ action }) => action ?? []);
  const effects = planned.flatMap((resource) => resource.effects);
  const planDocumentView: PlannedDocument = {
    kind: document.kind,
    name: document.name,
    file: document.source.file,
    line: document.source.line,
    summary: kind.summary(document),
    seal,
    effects: kind.effects?.(effects, { document, estate: world.estate, actions }) ?? effects,
    findings: [
      ...(kind.check?.(document, world.estate, all) ?? []),
      ...around,
      ...planned.flatMap(({ findings }) => findings),
    ],
    ...(paused && document.pause && { paused: document.pause }),
  };
  return {
    document,
    resources,
    seal,
    seen,
    planned: planDocumentView,
    actions,
    known: planned.every(({ known }) => known),
    unchanged: planned.filter((resource) => resource.unchanged).length,
    kept: planned.reduce((sum, { kept }) => sum + kept, 0),
    later: planned.flatMap(({ later }) => later ?? []),
  };
}

function planWithin(world: World, document: Document, seen: Seen): Promise<PlannedResource> {
  return world.schedule(seen.desired.place, () => planResource(world, document, seen));
}

/** How many actions each verb has. */
export function summaryOf(actions: readonly Action[]): Omit<Summary, 'unchanged' | 'kept'> {
  const count = (...verbs: readonly Verb[]): number => actions.filter(({ action }) => verbs.includes(action)).length;
  return {
    create: count('create'),
    update: count('update'),
    replace: count('replace'),
    delete: count('delete'),
    adopt: count('adopt', 'mark'),
    release: count('release'),
  };
}

function summarise(runs: readonly DocumentRun[], actions: readonly Action[]): Summary {
  return {
    ...summaryOf(actions),
    unchanged: runs.reduce((sum, run) => sum + run.unchanged, 0),
    kept: runs.reduce((sum, run) => sum + run.kept, 0),
  };
}
