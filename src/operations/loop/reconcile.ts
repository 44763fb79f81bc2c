import { documentAddress } from '../../engine/address.ts';
import { LeaseLostError } from '../../engine/lease.ts';
import type { Address, ApplyResult, Document } from '../../engine/types.ts';
import { clockOf } from '../endpoint.ts';
import { leaseTimeouts, lookForCalm } from '../lease.ts';
import { worldOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { connect } from '../world.ts';
import type { WorldOptions } from '../world.ts';
import { applyApproved } from './approved.ts';
import { keepLease } from './lease-keeper.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Memory } from './memory.ts';
import { pass } from './pass.ts';
import type { PassContext } from './pass.ts';
import { slicesOf } from './slices.ts';
import type { LoopState, Position, Tally } from './state.ts';
import { withApply } from './tally.ts';
import type { Approval, LoopRequest } from './types.ts';

export interface ReconcileRequest {
  readonly project: Project;
  readonly memory: Memory;
  /** What is to be applied first. */
  readonly approval: Approval | undefined;
  readonly begun: Position;
}

/** What a run came to, in all its invocations. */
export interface Reconciled {
  readonly tally: Tally;
  readonly invocation: number;
  readonly goesOn: boolean;
}

/**
 * Lambda ends a chain of invocations that start one another after about 16 (Developer Guide, "Recursive loop detection"):
 * the next scheduled run then goes on.
 */
const CHAIN = 12;

/** Nobody waits longer than this for a run that goes on elsewhere: a function lives for 15 minutes at most. */
export const POSITION_LIFE_MS: number = 20 * 60_000;
/** A slice may take half as long again as the longest so far, and this much in any case. */
const SLICE_MARGIN = 1.5;
const LEAST_SLICE_MS = 20_000;

/** Applies, looks and heals, slice by slice, until all is done or the time is over; then the next invocation goes on. */
export async function reconcile(request: LoopRequest, work: ReconcileRequest): Promise<Reconciled> {
  const { loop } = request;
  const { project, memory, begun } = work;
  const { context, keeper } = await enter(request, work);
  const inLine: Record<Address, string> = { ...memory.state.inLine };
  let { tally, next } = begun;
  try {
    for (const { digest, plan } of work.approval?.plans ?? []) {
      const result = await applyApproved(context, plan);
      tally = withApply(tally, 'applied', result);
      if (result.outcome === 'interrupted') return await goOn();
      await memory.write(withPlan(memory.state, work.approval?.id ?? '', digest, result));
    }
    const slices = slicesOf(
      project.documents.filter((document) => context.covers(documentAddress(document))),
      project.estate,
    );
    const isWhole = slices.length === 1 && loop.onlyKinds.length === 0;
    const pace = createPace(request);
    while (next < slices.length) {
      if (!pace.hasTime()) return await goOn();
      const selection = isWhole ? {} : { only: slices[next] ?? [] };
      const seen = await pace.measure(pass(context, selection, inLine, tally));
      for (const [address, seal] of seen.inLine) inLine[address] = seal;
      // It is looked at again: what was found is counted then, what was done is done.
      tally = seen.interrupted ? { ...tally, healed: seen.tally.healed } : seen.tally;
      if (seen.interrupted) return await goOn();
      next += 1;
    }
    await keeper?.release();
    await memory.write({ ...memory.state, inLine: onlyDeclared(inLine, project.documents) });
    return ended(false);
  } catch (error) {
    await keeper?.release();
    if (!(error instanceof LeaseLostError)) throw error;
    tally = {
      ...tally,
      failed: [...tally.failed, { id: 'the lease', error: 'it was lost: nothing more was written' }],
    };
    return ended(false);
  }

  function ended(goesOn: boolean): Reconciled {
    return { tally, invocation: begun.invocations + 1, goesOn };
  }

  async function goOn(): Promise<Reconciled> {
    if (!request.onward) {
      await keeper?.release();
      tally = { ...tally, failed: [...tally.failed, { id: 'the run', error: 'it was stopped before its end' }] };
      return ended(false);
    }
    const invocations = begun.invocations + 1;
    const isChained = invocations % CHAIN !== 0;
    const token = isChained ? await keeper?.handOver() : await keeper?.release();
    const { token: _, claimed: __, ...rest } = begun;
    const position: Position = {
      ...rest,
      ...(token !== undefined && { token }),
      until: isChained ? clockOf(request.endpoint).now() + POSITION_LIFE_MS : 0,
      next,
      invocations,
      tally,
    };
    await memory.write({ ...memory.state, inLine: onlyDeclared(inLine, project.documents), position });
    if (isChained) await request.onward({ run: begun.id, part: invocations + 1 });
    return ended(true);
  }
}

interface Entered {
  readonly context: PassContext;
  readonly keeper: LeaseKeeper | undefined;
}

/** As whoever plans where it only reports, and as whoever applies where it may write. */
async function enter(request: LoopRequest, { project, begun }: ReconcileRequest): Promise<Entered> {
  const { loop, endpoint, stop, repository, run } = request;
  const writes = loop.mode !== 'report';
  let keeper: LeaseKeeper | undefined;
  const options: WorldOptions = {
    ...worldOptions({ endpoint, run }, { role: writes ? 'apply' : 'plan', listing: 'drift' }),
    ...(writes && { timeouts: leaseTimeouts(project), stop }),
    gate: () => keeper?.permit(),
  };
  const aws = connect(project, options);
  if (writes) {
    keeper = keepLease(project, aws, {
      endpoint,
      repository,
      token: begun.token,
      calm: await lookForCalm(project, aws),
      stop,
      ...(request.leaseClock && { clock: request.leaseClock }),
    });
    // It lives on from one invocation to the next; a new one is taken when there is something to write.
    if (begun.token !== undefined) await keeper.lease();
  }
  const spared = loop.selfUpdate ? undefined : loop.address;
  const { onlyKinds } = loop;
  const covers = (document: Address): boolean =>
    onlyKinds.length === 0 || onlyKinds.includes(document.slice(0, document.indexOf('/')));
  return { context: { project, aws, options, keeper, stop, spared, covers }, keeper };
}

/** Is there time for one more slice? One is always looked at, so that every invocation gets on. */
function createPace(request: LoopRequest): { hasTime(): boolean; measure<T>(slice: Promise<T>): Promise<T> } {
  let longest: number | undefined;
  return {
    hasTime: () => longest === undefined || request.left() >= Math.max(longest, LEAST_SLICE_MS) * SLICE_MARGIN,
    async measure(slice) {
      const before = request.left();
      const result = await slice;
      const took = before - request.left();
      longest = Math.max(longest ?? 0, Number.isNaN(took) ? 0 : took);
      return result;
    },
  };
}

/** What became of a plan. One that was refused, or failed in parts, stays approved: it is tried again, and said again. */
function withPlan(state: LoopState, approval: string, digest: string, { outcome }: ApplyResult): LoopState {
  const before = state.approved?.approval === approval ? state.approved.plans : {};
  if (outcome !== 'applied' && outcome !== 'nothing') return state;
  return { ...state, approved: { approval, plans: { ...before, [digest]: outcome } } };
}

function onlyDeclared(
  inLine: Readonly<Record<Address, string>>,
  documents: readonly Document[],
): Readonly<Record<Address, string>> {
  const declared = documents.map(documentAddress).sort();
  return Object.fromEntries(
    declared.flatMap((address) => {
      const seal = inLine[address];
      return seal === undefined ? [] : [[address, seal] as const];
    }),
  );
}
