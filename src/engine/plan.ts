import { documentAddress } from './address.ts';
import { digestOf } from './digest.ts';
import { bindGuards, guardTrips } from './guards.ts';
import type { Override } from './guards.ts';
import { observeDocument } from './observe.ts';
import type { Seen } from './observe.ts';
import { planResource } from './plan-resource.ts';
import type { PlannedResource } from './plan-resource.ts';
import { documentSeal } from './seal.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';
import type { Action, Address, Desired, Document, Finding, Plan, PlannedDocument, Summary, Verb } from './types.ts';

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
}

/** A plan with what the executor needs and no reader sees. */
export interface PlanRun {
  readonly plan: Plan;
  readonly documents: ReadonlyMap<string, PlannedInternals>;
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

/** Compiles, observes and compares every document; the result is data. */
export async function planEstate(world: World, request: PlanRequest): Promise<PlanRun> {
  const documents = [...request.documents].sort((a, b) => (documentAddress(a) < documentAddress(b) ? -1 : 1));
  const runs = refuseRivals(await Promise.all(documents.map((document) => planDocument(world, document, request.all))));
  const actions = runs.flatMap((run) => run.actions).sort((a, b) => (a.id < b.id ? -1 : 1));
  const trips = guardTrips(world, documents, actions);
  const body = {
    format: 'trueup/plan@1',
    owner: world.estate.owner,
    documents: runs.map((run) => run.planned),
    actions,
    guards: trips,
    findings: [],
  } as const;
  const digest = digestOf(body);
  const plan: Plan = {
    format: body.format,
    digest,
    complete: runs.every((run) => run.known),
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
  return { plan, documents: new Map(runs.map((run) => [documentAddress(run.document), run])) };
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
  const seal = documentSeal(document, world.estate.owner, resources);
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
