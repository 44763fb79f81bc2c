import { AwsError, describeError, isReplyLost, reasonOf } from '../../aws/errors.ts';
import type { Address } from '../../engine/types.ts';
import { readDeadLetter } from '../../reconcilers/bucket-fan-out/dead-letter.ts';
import { readAnswer } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import type { FanOutAnswer, FanOutCounts } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { createInvoke } from '../../resources/invoke.ts';
import type { QueueMessages, ReceivedMessage } from '../../resources/received-messages.ts';
import { notApplied, pause } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** What became of one dead letter; `stopped`: it was not tried to its end. */
export type Verdict =
  | { readonly is: 'done'; readonly counts: FanOutCounts }
  | { readonly is: 'stopped' }
  | {
      readonly is: 'failed' | 'refused' | 'unreadable' | 'elsewhere';
      readonly keys: readonly string[];
      readonly why: string;
    };

export interface ReplayContext {
  readonly session: FanOutSession;
  readonly target: FanOutTarget;
  /** For which the message is out of sight. */
  readonly seconds: number;
  readonly stop?: AbortSignal;
}

/**
 * Between tries where another invocation is at it, or the function is throttled. In all longer than the lease of a row
 * (60 s): one whose holder died is free by then.
 */
const PAUSES_MS = [2_000, 5_000, 10_000, 20_000, 30_000];

/** Runs the function with what a dead letter holds, and waits for its answer. */
export async function replayLetter(
  message: ReceivedMessage,
  queue: QueueMessages,
  context: ReplayContext,
): Promise<Verdict> {
  const { session, target, seconds, stop } = context;
  const letter = readDeadLetter(message.body, target.told);
  if (letter.is === 'unreadable') return { is: 'unreadable', keys: [], why: letter.why };
  const { event, keys } = letter;
  let last: Verdict = { is: 'stopped' };
  for (const wait of [0, ...PAUSES_MS]) {
    if (wait > 0) {
      await pause(session, wait);
      await queue.hide(message, seconds);
    }
    if (stop?.aborted) return { is: 'stopped' };
    const tried = await runOnce(event, context);
    if ('counts' in tried && tried.counts.refused > 0) return { is: 'refused', keys, why: refusedText(tried) };
    if ('counts' in tried && tried.outcome === 'failed') return { is: 'failed', keys, why: itemsText(tried) };
    if ('counts' in tried && tried.counts.elsewhere === 0) return { is: 'done', counts: tried.counts };
    if ('counts' in tried) last = { is: 'elsewhere', keys, why: 'another invocation is copying it' };
    else if (tried.isPassing) last = { is: 'failed', keys, why: tried.why };
    else return { is: 'failed', keys, why: tried.why };
  }
  return last;
}

interface Failed {
  readonly why: string;
  /** It was throttled, and is worth another try. */
  readonly isPassing: boolean;
}

/** @throws AwsError TU2035, TU2039; what refuses the verb itself, such as a right that it lacks */
async function runOnce(event: object, { session, target }: ReplayContext): Promise<FanOutAnswer | Failed> {
  const { place, functionName } = target.told;
  try {
    const answer = await createInvoke(session.aws)(place, functionName, event);
    if (answer === undefined) throw notApplied(session, `the function of ${target.name}`);
    const read = readAnswer(answer);
    if (!read) throw otherBuild(functionName, session.address);
    return read;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'TU2030') return { why: error.message, isPassing: false };
    if (reasonOf(error) === 'throttled') return { why: describeError(error), isPassing: true };
    // It may have been done: the message stays, and the next run finds it done.
    if (isReplyLost(error)) return { why: describeError(error), isPassing: false };
    throw error;
  }
}

/** What it was asked may be done, or not: the message stays, and a next run finds what is done. */
function otherBuild(functionName: string, address: Address): AwsError {
  const message = `the function ${functionName} gave an answer that this trueup does not understand: another build of it has made the function`;
  return new AwsError('TU2039', message, {
    hint: `nothing is lost: trueup apply --only ${address} brings the function up to date, then the same command again`,
  });
}

function refusedText({ why, counts }: FanOutAnswer): string {
  return why ?? `${counts.refused} of its records are not of this source, topic and entry`;
}

function itemsText({ items = [], counts }: FanOutAnswer): string {
  const first = items.find(({ is }) => is === 'failed');
  return `${counts.failed} of ${items.length} keys failed, the first with ${first?.why ?? 'no reason'}`;
}
