import { documentAddress } from '../../engine/address.ts';
import { LeaseLostError } from '../../engine/lease.ts';
import type { Address, Document } from '../../engine/types.ts';
import { clockOf } from '../endpoint.ts';
import { leaseTimeouts, lookForCalm } from '../lease.ts';
import { worldOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { connect } from '../world.ts';
import type { WorldOptions } from '../world.ts';
import { applyPlans, withSpent } from './approved.ts';
import { coversKind } from './heeding.ts';
import { keepLease } from './lease-keeper.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { SupersededError } from './memory.ts';
import type { Memory } from './memory.ts';
import { MOST_STALLED, createPace } from './pace.ts';
import { pass } from './pass.ts';
import type { PassContext } from './pass.ts';
import { slicesOf } from './slices.ts';
import { takenIn } from './state.ts';
import type { LoopState, Position, Tally } from './state.ts';
import type { ApprovedPlan, LoopRequest, LoopRole } from './types.ts';

export interface ReconcileRequest {
  readonly project: Project;
  readonly memory: Memory;
  /** What is to be applied first. */
  readonly approved: readonly ApprovedPlan[];
  readonly begun: Position;
  readonly role: LoopRole;
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

/** Applies, looks and heals, slice by slice, until all is done or the time is over; then the next invocation goes on. */
export async function reconcile(request: LoopRequest, work: ReconcileRequest): Promise<Reconciled> {
  const { loop } = request;
  const { project, memory, begun } = work;
  const { context, keeper, calm } = await enter(request, work);
  const inLine: Record<Address, string> = { ...memory.state.inLine };
  const pace = createPace(request);
  let { tally, next, plans = {}, stalled = 0 } = begun;
  try {
    const { isOver, ...applied } = await applyPlans(context, work.approved, { tally, plans, stalled }, pace, {
      onApplied: (plan) => memory.write(withSpent(memory.state, plan)),
    });
    ({ tally, plans, stalled } = applied);
    if (!isOver) return await goOn();
    const slices = slicesOf(
      project.documents.filter((document) => context.covers(documentAddress(document))),
      project.estate,
    );
    const isWhole = slices.length === 1 && project.documents.every(({ kind }) => coversKind(loop, kind));
    while (next < slices.length) {
      if (!pace.hasTime()) return await goOn();
      const selection = isWhole ? {} : { only: slices[next] ?? [] };
      const seen = await pace.measure(pass(context, selection, inLine, tally));
      for (const [address, seal] of seen.inLine) inLine[address] = seal;
      if (seen.interrupted) {
        stalled = seen.tally.healed > tally.healed ? 0 : stalled + 1;
        const isStuck = stalled === MOST_STALLED;
        // It is looked at again: what was found is counted then, what was done is done.
        tally = isStuck ? withStuck(seen.tally) : { ...tally, healed: seen.tally.healed };
        if (isStuck) [next, stalled] = [next + 1, 0];
        return await goOn();
      }
      stalled = 0;
      tally = seen.tally;
      next += 1;
    }
    const released = await keeper?.release();
    const version = released ?? calm;
    const { calm: _, ...state } = memory.state;
    await memory.write({
      ...state,
      inLine: onlyDeclared(inLine, project.documents),
      ...(version !== undefined && { calm: version }),
    });
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
    const { token: _, claimed: __, undisturbed: ___, ...rest } = begun;
    const position: Position = {
      ...rest,
      ...(token !== undefined && { token, undisturbed: context.isUndisturbed }),
      until: isChained ? clockOf(request.endpoint).now() + POSITION_LIFE_MS : 0,
      next,
      invocations,
      plans,
      stalled,
      tally,
    };
    await memory.write({ ...memory.state, inLine: onlyDeclared(inLine, project.documents), position });
    if (isChained) await request.onward({ run: begun.id, part: invocations + 1 });
    return ended(true);
  }
}

/** What drifted is named, and left: none of the slices after it is to wait for ever. */
function withStuck(tally: Tally): Tally {
  const error = 'to undo drift takes more than the time of an invocation: trueup apply does it';
  return { ...tally, failed: [...tally.failed, { id: 'healing', error }] };
}

interface Entered {
  readonly context: PassContext;
  readonly keeper: LeaseKeeper | undefined;
  /** At which version the lease stood, where nobody held it and it is not held now. */
  readonly calm: string | undefined;
}

/** As whoever plans where it only reports, and as whoever applies where it may write. */
async function enter(request: LoopRequest, { project, memory, begun, role }: ReconcileRequest): Promise<Entered> {
  const { loop, endpoint, stop, repository, run } = request;
  const writes = loop.mode !== 'report';
  let keeper: LeaseKeeper | undefined;
  let isResumed = false;
  const options: WorldOptions = {
    ...worldOptions({ endpoint, run }, { role, listing: 'drift' }),
    ...(writes && { timeouts: leaseTimeouts(project), stop }),
    gate: () => keeper?.permit(),
  };
  const aws = connect(project, options);
  const calm = writes ? await lookForCalm(project, aws) : undefined;
  if (writes) {
    keeper = keepLease(project, aws, {
      endpoint,
      repository,
      token: begun.token,
      calm,
      stop,
      beforeWrites: () => stillTaken(request, memory.state, begun),
      ...(request.leaseClock && { clock: request.leaseClock }),
    });
    // It lives on from one invocation to the next; a new one is taken when there is something to write.
    if (begun.token !== undefined) isResumed = (await keeper.lease()).resumed;
  }
  const own = loop.selfUpdate ? [] : ownAddresses(loop, project.documents);
  const version = calm && (calm.version ?? NO_LEASE);
  const isUndisturbed =
    begun.token === undefined
      ? version !== undefined && version === memory.state.calm
      : isResumed && begun.undisturbed === true;
  return {
    context: {
      project,
      aws,
      options,
      keeper,
      stop,
      isSpared: (document) => own.includes(document),
      covers: (document) => coversKind(loop, document.slice(0, document.indexOf('/'))),
      isUndisturbed,
      async disturbed() {
        if (keeper?.isHeld()) return false;
        const now = await lookForCalm(project, aws);
        return now === undefined || now.version !== calm?.version;
      },
    },
    keeper,
    calm: version,
  };
}

/** Of a lease that nobody has ever held. */
const NO_LEASE = 'none';

/** The loop's own document, under whatever name it goes by now. */
function ownAddresses({ address }: LoopRequest['loop'], documents: readonly Document[]): readonly Address[] {
  const [kind = '', name = ''] = address.split('/');
  const heirs = documents.filter((document) => document.kind === kind && document.formerly.includes(name));
  return [address, ...heirs.map(documentAddress)];
}

/** Right before the first write, and under the lease: is the configuration still the one that it is written for? (threats T45) */
async function stillTaken({ source }: LoopRequest, state: LoopState, begun: Position): Promise<void> {
  const now = await source.read(takenIn(state));
  if (now.digest !== begun.bundle) throw new SupersededError('another configuration has come meanwhile');
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
