import { documentAddress } from './address.ts';
import { actionsOf } from './by-document.ts';
import { estateTrips } from './estate-guards.ts';
import { executeRemovals } from './execute-removal.ts';
import { createExclusive, executeDocument } from './execute.ts';
import type { Ending, Execution } from './execute.ts';
import { bindGuards } from './guards.ts';
import type { Override } from './guards.ts';
import { LeaseLostError } from './lease.ts';
import type { Lease } from './lease.ts';
import { SETTLE_BUDGET_MS, createPatience, growingPauses } from './patience.ts';
import type { PlanRun } from './plan.ts';
import { UNKNOWN, isNamed, selectShown } from './selection.ts';
import type { Selection } from './selection.ts';
import { equal } from './value.ts';
import type { World } from './world.ts';
import type { Action, Address, ApplyResult, Guard, GuardTrip, Outcome, Plan } from './types.ts';

export interface ApplyRequest extends Execution {
  /** Planned a moment ago, in this process. */
  readonly fresh: PlanRun;
  /** What was reviewed; without it the fresh plan is applied. */
  readonly reviewed?: Plan;
  readonly overrides: readonly Override[];
  /** Excludes other applies; taken right before the first write. Absent: nobody else is there. */
  lease?(): Promise<Lease>;
  /** Has anybody else applied since the look, or does so now? What looks wrong may be half of that. */
  disturbed?(): Promise<boolean>;
  /** How the review shows a plan; default: as it is. What is compared with it is shown the same way. */
  readonly shown?: { plan(plan: Plan): Plan; data<Data>(data: Data): Data };
  /** Somebody has seen the fresh plan and agreed to it, and to no other. */
  readonly confirmed?: boolean;
  /** A fresh look for the time after that. */
  lookAgain?(): Promise<{ readonly world: World; readonly run: PlanRun }>;
  /** Plans once more with eyes that have seen nothing yet; absent: the next run will look. */
  replan?(): Promise<Plan>;
}

/** Applies what was reviewed, or the fresh plan; a plan right after it must be empty. */
export async function applyEstate(world: World, request: ApplyRequest): Promise<ApplyResult> {
  const { fresh, reviewed } = request;
  const selection = selectShown(fresh, reviewed, request.shown);
  const standing = standingGuards(world, request, selection);
  const isRefused =
    standing.length > 0 || selection.refused.length > 0 || selection.skipped.some(({ blocked }) => blocked);
  const isMistaken = isRefused && request.lease !== undefined && (await request.disturbed?.());
  if (!isMistaken && standing.length > 0) return refusedBy(standing, world, request, selection);
  if (!request.lease || (!isMistaken && selection.run.length === 0)) return applySelection(world, request, selection);

  const lease = await request.lease().catch((error: unknown) => {
    // Who stops waiting has not failed; nothing has been written.
    if (request.stop.aborted) return undefined;
    throw error;
  });
  if (!lease) return applySelection(world, request, selection);
  try {
    // Whoever held it may have changed what was just planned.
    const again = lease.moved ? await request.lookAgain?.().catch(nothingIfLost) : undefined;
    const stop = AbortSignal.any([request.stop, reasonOf(lease.lost)]);
    // Nobody else has written since the look: what looked wrong is wrong.
    if (!again && standing.length > 0) return refusedBy(standing, world, request, selection);
    if (!again) return await applySelection(world, { ...request, stop }, selection);
    const agreed = request.confirmed ? { reviewed: fresh.plan } : {};
    return await applyHeld(again.world, { ...agreed, ...request, fresh: again.run, stop });
  } finally {
    await lease.release();
  }
}

/** Under the lease, what looks wrong is wrong. */
function applyHeld(world: World, request: ApplyRequest): Promise<ApplyResult> | ApplyResult {
  const selection = selectShown(request.fresh, request.reviewed, request.shown);
  const standing = standingGuards(world, request, selection);
  if (standing.length > 0) return refusedBy(standing, world, request, selection);
  return applySelection(world, request, selection);
}

const LEASE_LOST = 'the lease was lost';

/** Then nothing is written, and that is said of each action. */
function nothingIfLost(error: unknown): undefined {
  if (!(error instanceof LeaseLostError)) throw error;
}

function reasonOf(lost: AbortSignal): AbortSignal {
  const controller = new AbortController();
  lost.addEventListener('abort', () => controller.abort(LEASE_LOST), { once: true });
  if (lost.aborted) controller.abort(LEASE_LOST);
  return controller.signal;
}

function refusedBy(
  guards: readonly Guard[],
  world: World,
  { fresh, reviewed }: ApplyRequest,
  { refused }: Selection,
): ApplyResult {
  return {
    format: 'trueup/apply@1',
    digest: (reviewed ?? fresh.plan).digest,
    outcome: refused.length > 0 ? 'stale' : 'refused',
    done: [],
    failed: [],
    skipped: [],
    refused,
    guards,
    replan: null,
    calls: world.calls(),
  };
}

async function applySelection(world: World, request: ApplyRequest, selection: Selection): Promise<ApplyResult> {
  const { fresh, reviewed } = request;
  const ended: Address[] = [];
  const endings = await execute(
    world,
    {
      ...request,
      onStep: (id, text) => request.onStep(id, text),
      onEnd(ending) {
        ended.push(ending.id);
        request.onEnd(ending);
      },
    },
    selection.run,
  );
  const isInterrupted = request.stop.aborted && request.stop.reason !== LEASE_LOST;
  const wrote = endings.some(({ state }) => state !== 'skipped');
  /** What failed or was dropped is still to do: nobody waits for that to show. */
  const isAllDone = endings.every(({ state }) => state === 'done');
  const looksAgain = request.replan !== undefined && wrote && !request.stop.aborted;
  const replan = looksAgain ? await settledPlan() : undefined;
  const isUnseen = looksAgain && !replan;
  const failed = endings.flatMap((ending) =>
    ending.state === 'failed' ? [{ id: ending.id, error: ending.error }] : [],
  );
  const dropped = endings.flatMap((ending) => (ending.state === 'skipped' ? [{ id: ending.id, why: ending.why }] : []));
  const isDone = new Set(endings.flatMap((ending) => (ending.state === 'done' ? [ending.id] : [])));
  const done = ended.filter((id) => isDone.has(id));
  return {
    format: 'trueup/apply@1',
    digest: (reviewed ?? fresh.plan).digest,
    outcome: outcome(),
    done,
    failed,
    skipped: [
      ...dropped,
      ...selection.skipped.map(({ id, why }) => ({ id, why })),
      ...selection.alreadyDone.map((id) => ({ id, why: 'already done' })),
    ],
    refused: selection.refused,
    guards: [],
    replan: replan ? { summary: replan.summary, complete: replan.complete } : null,
    calls: world.calls(),
  };

  /** What was written may show later (threats F11): it is looked at again before it is said not to have converged. */
  async function settledPlan(): Promise<Plan | undefined> {
    const settling = createPatience(world.clock, SETTLE_BUDGET_MS, request.stop);
    const pauses = growingPauses();
    for (;;) {
      // A look that fails must not cost the report of what was written.
      const plan = await request.replan?.().catch(() => undefined);
      const isSettled = !plan || !isAllDone || hasConverged(plan, selection.run, fresh);
      if (isSettled || request.stop.aborted || !(await settling.wait(pauses()))) return plan;
    }
  }

  function outcome(): Outcome {
    if (isInterrupted) return 'interrupted';
    if (selection.refused.length > 0) return 'stale';
    if (selection.skipped.some(({ blocked }) => blocked)) return 'refused';
    if (failed.length > 0 || dropped.length > 0 || selection.skipped.some(({ why }) => why.startsWith(UNKNOWN)))
      return 'partial';
    if (isUnseen || (replan && !hasConverged(replan, selection.run, fresh))) return 'not-converged';
    return wrote ? 'applied' : 'nothing';
  }
}

type Judged = Pick<ApplyRequest, 'fresh' | 'reviewed' | 'overrides' | 'shown'>;

/** Guards that would stop an apply. */
export function standingGuards(
  world: World,
  request: Judged,
  selection: Selection = selectShown(request.fresh, request.reviewed, request.shown),
): readonly Guard[] {
  return guardsInForce(world, request, selection).filter(({ allowed }) => !allowed);
}

/**
 * Guards of the fresh numbers; one that the reviewed plan showed is allowed by an override that names that plan. Guards
 * whose numbers are sealed action by action look at what is left to do of the review, and at nothing else. A document
 * that is refused stops itself alone.
 */
function guardsInForce(world: World, request: Judged, { run, refused }: Selection): readonly Guard[] {
  const { fresh, reviewed, overrides } = request;
  if (!reviewed) return fresh.plan.guards;
  const isRefused = (address: Address | undefined): boolean => refused.some(({ document }) => document === address);
  const trips: readonly GuardTrip[] = [
    ...estateTrips({ ...fresh.guarded, actions: run }),
    ...fresh.plan.guards.filter(
      ({ sealed, document }) => !sealed && isNamed(reviewed, document) && !isRefused(document),
    ),
  ];
  return trips.flatMap((trip) => {
    const shown = request.shown?.data(trip) ?? trip;
    const wasShown = reviewed.guards.some((guard) => isSameGuard(guard, shown));
    return bindGuards([shown], reviewed.digest, wasShown ? overrides : [], world.clock.now());
  });
}

function isSameGuard(shown: Guard, trip: GuardTrip): boolean {
  if (trip.sealed) return equal([shown.code, shown.about], [trip.code, trip.about]);
  return equal([shown.code, shown.document, shown.message], [trip.code, trip.document, trip.message]);
}

async function execute(world: World, request: ApplyRequest, actions: readonly Action[]): Promise<readonly Ending[]> {
  const exclusive = createExclusive();
  const chosen = new Set(actions.map(({ id }) => id));
  const removals = request.fresh.removals.filter(({ action }) => chosen.has(action.id));
  const removed = new Set(removals.map(({ action }) => action.id));
  const documents = [...new Set(actions.map(({ document }) => document))];
  const endings = await Promise.all(
    documents.map(async (document) => {
      const own = actionsOf(actions, document);
      const kept = own.filter(({ id }) => !removed.has(id));
      const planned = request.fresh.documents.get(document);
      if (kept.length > 0 && !planned) throw new Error(`${document} was planned and is gone`);
      const before = planned ? await executeDocument(world, planned, kept, exclusive, request) : [];
      const going = removals.filter(({ action }) => action.document === document);
      return [...before, ...(await executeRemovals(world, going, before, exclusive, request))];
    }),
  );
  return endings.flat();
}

/**
 * Is nothing left of what was applied? An adopted object shows its differences only now, and content that moves by
 * itself may have moved on: that is the next plan's business. So is what nobody could see before the apply.
 */
function hasConverged(replan: Plan, run: readonly Action[], { documents }: PlanRun): boolean {
  const adopted = new Set(run.filter(({ action }) => action === 'adopt').map(({ document }) => document));
  const touched = new Set(run.map(({ document }) => document).filter((document) => !adopted.has(document)));
  const isSeen = replan.documents
    .filter((document) => touched.has(documentAddress(document)))
    .every(({ findings }) => findings.every(({ code, severity }) => code !== 'unknown' && severity !== 'blocks'));
  if (!isSeen) return false;
  return replan.actions
    .filter(({ id, document }) => touched.has(document) && !documents.get(document)?.later.includes(id))
    .every((left) => {
      const before = run.find(({ id }) => id === left.id);
      return (
        left.changes.every(
          (change) => change.live && !before?.changes.some((wanted) => equal(wanted.after, change.after)),
        ) && left.changes.length > 0
      );
    });
}
