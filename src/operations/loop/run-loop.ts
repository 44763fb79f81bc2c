import { randomUUID } from 'node:crypto';
import { LeaseHeldError } from '../../engine/lease.ts';
import { clockOf } from '../endpoint.ts';
import { loadFetched } from './load.ts';
import { SupersededError, openMemory } from './memory.ts';
import type { Memory } from './memory.ts';
import { LoopRefusal } from './refusal.ts';
import { POSITION_LIFE_MS, reconcile } from './reconcile.ts';
import type { Reconciled } from './reconcile.ts';
import { unspent } from './approved.ts';
import { heeding, roleOf } from './heeding.ts';
import { NOTHING_YET, takenIn } from './state.ts';
import type { LoopState, Position, Tally } from './state.ts';
import type { Continuation, Fetched, LoopAnswer, LoopNews, LoopOutcome, LoopRequest } from './types.ts';

const QUIET: LoopNews = { opened: false, gone: false, failed: false };

/**
 * One run of the loop, or one more invocation of it: takes the configuration, applies what was approved of it, looks at
 * every document and undoes drift, as far as the mode allows. All that it must know of earlier runs is in its state.
 *
 * @throws what AWS answers where it can neither be waited for nor said of a document: the next run begins anew
 */
export async function runLoop(request: LoopRequest): Promise<LoopAnswer> {
  const memory = await openMemory(request.state, request.floor);
  const ended = await run(request, memory).catch((error: unknown) => ending(request, memory, error));
  return memory.forgot ? { ...ended, forgot: true } : ended;
}

/** What a run comes to that an error ends. */
async function ending(request: LoopRequest, memory: Memory, error: unknown): Promise<LoopAnswer> {
  try {
    if (error instanceof LoopRefusal) return await refuse(request, memory, error);
    if (error instanceof LeaseHeldError) return await keptOut(request, memory);
    throw error;
  } catch (other) {
    if (other instanceof SupersededError) return busy(request);
    throw other;
  }
}

/** An apply takes minutes: whoever holds the lease for longer is looked at by somebody. */
const MOST_KEPT_OUT_MS = 60 * 60_000;

async function keptOut(request: LoopRequest, memory: Memory): Promise<LoopAnswer> {
  const now = clockOf(request.endpoint).now();
  const { keptOutSince = now } = memory.state;
  await memory.write({ ...memory.state, keptOutSince });
  return { ...busy(request), ...(now - keptOutSince > MOST_KEPT_OUT_MS && { keptOut: true }) };
}

async function run(request: LoopRequest, memory: Memory): Promise<LoopAnswer> {
  const { loop, source, approvals, endpoint, continues, directory = 'config' } = request;
  const now = clockOf(endpoint).now();
  const { position } = memory.state;
  if (!isItsTurn(position, continues, now)) return busy(request);
  const fetched = await source.read(takenIn(memory.state));
  const project = await loadFetched(fetched, loop, { directory, now });
  const heeded = heeding(loop, project);
  const approved = heeded.mode === 'apply' ? ((await approvals?.read(fetched)) ?? []) : [];
  const begun = begunOf(position, fetched, continues);
  // From here on no older configuration is taken, and this part of a run by nobody else, whatever becomes of it.
  const claimed = position && { ...position, claimed: begun.invocations + 1, until: now + POSITION_LIFE_MS };
  await memory.write({ ...taken(memory.state, fetched), ...(claimed && { position: claimed }) });
  const allowed: LoopRequest = { ...request, loop: heeded };
  const role = roleOf(loop.mode);
  const ended = await reconcile(allowed, {
    role,
    project,
    memory,
    approved: unspent(memory.state, approved),
    begun,
  });
  if (ended.goesOn) return answer(allowed, fetched, ended, 'goes-on', QUIET);
  const concluded = await conclude(allowed, memory, fetched, ended);
  await request.tell?.({ project, answer: concluded, role });
  return concluded;
}

/** A part of a run is taken once; where nobody goes on with it any more, the next scheduled run does. */
function isItsTurn(position: Position | undefined, continues: Continuation | undefined, now: number): boolean {
  // A time that no run of this loop can have set holds nobody up.
  const isHeld = position !== undefined && now < position.until && position.until <= now + POSITION_LIFE_MS;
  if (!continues) return !isHeld;
  if (position?.id !== continues.run || position.claimed === continues.part) return false;
  return position.invocations + 1 === continues.part;
}

/**
 * A run that was broken off goes on where it stood, whoever broke it off. Where another configuration came meanwhile it
 * begins anew, under the lease that it has.
 */
function begunOf(position: Position | undefined, { digest }: Fetched, continues: Continuation | undefined): Position {
  if (position?.bundle === digest) return position;
  return {
    id: continues?.run ?? randomUUID(),
    until: 0,
    bundle: digest,
    next: 0,
    ...(continues !== undefined && position?.token !== undefined && { token: position.token }),
    invocations: 0,
    tally: NOTHING_YET,
  };
}

function taken(state: LoopState, { commit, generation }: Fetched): LoopState {
  return { ...state, commit, ...(generation !== undefined && { generation }) };
}

async function conclude(
  request: LoopRequest,
  memory: Memory,
  fetched: Fetched,
  ended: Reconciled,
): Promise<LoopAnswer> {
  const { tally } = ended;
  const outcome = outcomeOf(tally);
  const unseen = tally.left.filter(({ why }) => why === 'unknown').map(({ document }) => document);
  const failure = [...tally.failed.map(({ id }) => id), ...unseen].sort().join(' ');
  const { position: _, keptOutSince: __, drift: hadDrift = false, failure: before = '', ...rest } = memory.state;
  // What was not looked at is as it was: only a whole look says that drift is gone.
  const hasDrift = tally.open > 0 || (hadDrift && outcome === 'partial');
  const news: LoopNews = {
    opened: hasDrift && !hadDrift,
    gone: hadDrift && !hasDrift,
    failed: failure !== '' && failure !== before,
  };
  await memory.write({ ...rest, ...(hasDrift && { drift: true }), ...(failure !== '' && { failure }) });
  return answer(request, fetched, ended, outcome, news);
}

function outcomeOf({ failed, left, leftAlone, differences, healed, applied }: Tally): LoopOutcome {
  if (failed.length > 0 || left.some(({ why }) => why === 'unknown')) return 'partial';
  if (applied > 0) return 'applied';
  if (healed > 0) return 'healed';
  return differences > 0 || leftAlone > 0 ? 'drifted' : 'in-line';
}

function answer(
  { loop }: LoopRequest,
  { commit, generation }: Fetched,
  { tally, invocation }: Reconciled,
  outcome: LoopOutcome,
  news: LoopNews,
): LoopAnswer {
  return {
    outcome,
    document: loop.address,
    mode: loop.mode,
    commit,
    ...(generation !== undefined && { generation }),
    invocation,
    ...tally,
    news,
  };
}

/** Nothing was asked of any account. It is told once, and stays a failure until it is gone. */
async function refuse({ loop }: LoopRequest, memory: Memory, { code, message }: LoopRefusal): Promise<LoopAnswer> {
  const isNew = memory.state.failure !== code;
  if (isNew) await memory.write({ ...memory.state, failure: code });
  return {
    ...idle(loop),
    outcome: 'refused',
    refusal: { code, message },
    news: { ...QUIET, failed: isNew },
  };
}

function busy({ loop }: LoopRequest): LoopAnswer {
  return { ...idle(loop), outcome: 'busy', news: QUIET };
}

function idle({ address, mode }: LoopRequest['loop']): Omit<LoopAnswer, 'outcome' | 'news'> {
  return { document: address, mode, invocation: 1, ...NOTHING_YET };
}
