import { documentAddress, resourceAddress } from './address.ts';
import { digestOf } from './digest.ts';
import { estateTrips } from './estate-guards.ts';
import type { GuardLimits, GuardedPlan } from './estate-guards.ts';
import { bindGuards, guardTrips } from './guards.ts';
import type { Override } from './guards.ts';
import { NOTHING_FOUND, findDropped, findUndeclared, isMarked, isThere } from './inventory.ts';
import type { Before, Undeclared } from './inventory.ts';
import { observeDocument } from './observe.ts';
import type { Seen } from './observe.ts';
import { dependenciesOf, inDependencyOrder } from './order.ts';
import { isOurs } from './ownership.ts';
import { planResource } from './plan-resource.ts';
import type { PlannedResource } from './plan-resource.ts';
import { formerAddresses, planPruning, unseenFindings } from './prune.ts';
import type { Pruning, Removal } from './prune.ts';
import { documentSeal } from './seal.ts';
import { kindOf, typeOf } from './world.ts';
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
  /** Estate-wide guards; absent: none, as in a function, which removes nothing. */
  readonly limits?: GuardLimits;
  /** Settings before this change. */
  readonly base?: {
    readonly limits: GuardLimits;
    readonly loosened: GuardedPlan['loosened'];
    /** Somebody named the base: what went from it is what git says, not what the account holds. */
    readonly before?: Before;
  };
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
  const runs = refuseRivals(await Promise.all(documents.map((document) => planDocument(world, document, request.all))));
  const declaredActions = runs.flatMap((run) => run.actions);
  const undeclared = await lookForUndeclared(world, request, runs);
  const isComplete = runs.every((run) => run.known) && undeclared.unseen.length === 0;
  const pruning = await planPruning(undeclared, {
    paused: new Set(request.all.filter((document) => isPaused(document, world.clock.now())).map(documentAddress)),
    former: formerAddresses(request.all),
    actions: declaredActions,
    complete: isComplete,
  });
  const actions = [...declaredActions, ...pruning.removals.map(({ action }) => action)].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const guarded: Omit<GuardedPlan, 'actions'> = {
    documents: request.all,
    population: populationOf(world, runs, undeclared),
    limits: request.limits ?? NO_LIMITS,
    ...(request.base && { base: request.base.limits }),
    protected: protectedAddresses(runs, undeclared),
    recreated: await recreationsOf(world, runs, undeclared),
    loosened: request.base?.loosened ?? [],
  };
  const trips = [...estateTrips({ ...guarded, actions }), ...guardTrips(world, documents, actions)];
  const body = {
    format: 'trueup/plan@1',
    owner: world.estate.owner,
    documents: runs.map((run) => run.planned),
    actions,
    guards: trips,
    findings: [...unseenFindings(undeclared), ...pruning.findings, ...(request.findings ?? [])],
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

/** A part of the estate says nothing about the rest: then nobody looks for what is not declared. */
async function lookForUndeclared(
  world: World,
  request: PlanRequest,
  runs: readonly DocumentRun[],
): Promise<Undeclared> {
  const declared = runs.map(({ document, resources, seen }) => ({
    document,
    resources: resources.map((desired) => {
      const observation = seen.find((one) => one.desired === desired)?.observation;
      const resource = observation?.state === 'present' ? observation.resource : undefined;
      return [resourceAddress(document, desired.id), desired, resource] as const;
    }),
  }));
  if (request.partial) return NOTHING_FOUND;
  const undeclared = await findUndeclared(world, declared);
  const before = request.base?.before;
  if (!before) return undeclared;
  const dropped = await findDropped(world, before, declared);
  return { ...undeclared, candidates: dropped.candidates, unseen: [...undeclared.unseen, ...dropped.unseen] };
}

function populationOf(
  world: World,
  runs: readonly DocumentRun[],
  { candidates }: Undeclared,
): ReadonlyMap<string, number> {
  const declared = runs.flatMap(({ document, seen }) =>
    seen
      .filter(({ desired, observation, ownership }) => {
        return isMarked(typeOf(world, desired.type)) && observation.state === 'present' && isOurs(ownership);
      })
      .map(() => document.kind),
  );
  const undeclared = candidates.map(({ document }) => document.slice(0, document.indexOf('/')));
  const population = new Map<string, number>();
  for (const kind of [...declared, ...undeclared]) population.set(kind, (population.get(kind) ?? 0) + 1);
  return population;
}

function protectedAddresses(runs: readonly DocumentRun[], { candidates }: Undeclared): ReadonlySet<Address> {
  const declared = runs.flatMap(({ seen }) =>
    seen.flatMap(({ address, observation }) =>
      observation.state === 'present' && observation.protected ? address : [],
    ),
  );
  return new Set([...declared, ...candidates.filter(({ seen }) => seen.protected).map(({ address }) => address)]);
}

/** Stateful objects that are to be made although something that was made for them is there: they were there once. */
async function recreationsOf(
  world: World,
  runs: readonly DocumentRun[],
  { marked }: Undeclared,
): Promise<GuardedPlan['recreated']> {
  const suspects = runs.flatMap((run) =>
    run.actions
      .filter(({ action, type }) => action === 'create' && typeOf(world, type).stateful)
      .map((action) => ({ action, dependents: dependentsOf(run, action) })),
  );
  const judged = await Promise.all(
    suspects.map(async ({ action, dependents }) => {
      for (const evidence of dependents) {
        const object = marked.get(evidence);
        if (object && (await isThere(world, object))) return [{ action, evidence }];
      }
      return [];
    }),
  );
  return judged.flat();
}

/** Addresses of what refers to an object, at any remove. */
function dependentsOf({ document, resources }: DocumentRun, { id }: Action): readonly Address[] {
  const reached = new Set([id]);
  for (const desired of inDependencyOrder(resources)) {
    const parents = dependenciesOf(desired).map((parent) => resourceAddress(document, parent));
    if (parents.some((parent) => reached.has(parent))) reached.add(resourceAddress(document, desired.id));
  }
  reached.delete(id);
  return [...reached];
}

/** Everything with our marker that no document declares, and why apply would leave it alone where it would. */
function orphansOf({ candidates, strays }: Undeclared, { removals }: Pruning): readonly Orphan[] {
  const gone = new Set(removals.map(({ target }) => target.address));
  const ours = candidates.map(({ address, type, seen, place }): Orphan => {
    const why = gone.has(address) ? {} : { why: 'it is paused, renamed, or nothing is removed for now' };
    return { id: address, type: type.type, resource: seen.resource, ...place, ...why };
  });
  return [...ours, ...strays].sort((a, b) => (a.id < b.id ? -1 : 1));
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
    if (findings.length === 0) return run;
    return { ...run, planned: { ...run.planned, findings: [...run.planned.findings, ...findings] } };
  });
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
  const planDocumentView: PlannedDocument = {
    kind: document.kind,
    name: document.name,
    file: document.source.file,
    line: document.source.line,
    summary: kind.summary(document),
    seal,
    effects: planned.flatMap(({ effects }) => effects),
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

function summarise(runs: readonly DocumentRun[], actions: readonly Action[]): Summary {
  const count = (...verbs: readonly Verb[]): number => actions.filter(({ action }) => verbs.includes(action)).length;
  return {
    create: count('create'),
    update: count('update'),
    replace: count('replace'),
    delete: count('delete'),
    adopt: count('adopt', 'mark'),
    release: count('release'),
    unchanged: runs.reduce((sum, run) => sum + run.unchanged, 0),
    kept: runs.reduce((sum, run) => sum + run.kept, 0),
  };
}
