import pLimit from 'p-limit';
import { parseDuration } from '../../engine/duration.ts';
import type { FanOutRedriveResult, KeptLetter, RedrivenDestination } from '../../fan-out/redrive-result.ts';
import { countsOfNone, sumCounts } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { readQueueFigures } from '../../resources/queue-figures.ts';
import { openQueueMessages } from '../../resources/received-messages.ts';
import type { QueueMessages, ReceivedMessage } from '../../resources/received-messages.ts';
import type { Project } from '../project.ts';
import { silent } from '../reporter.ts';
import type { Reporter } from '../reporter.ts';
import { allEnded } from './all-ended.ts';
import { notApplied, openFanOut } from './open.ts';
import type { FanOutOptions, FanOutSession, FanOutTarget } from './open.ts';
import { replayLetter } from './replay-letter.ts';
import type { Verdict } from './replay-letter.ts';

/** Destinations at once. */
const AT_ONCE = 4;
/** ReceiveMessage gives no more. */
const MOST_RECEIVED = 10;
/** Beside the function's own time: the way there and back. */
const MARGIN_SECONDS = 60;
/** Receives in a row that bring nothing that was not seen before. */
const MOST_IDLE = 10;

/**
 * Runs the function of each destination with what its dead letters hold, one after the other's answer; a message is deleted
 * once it succeeded, and not before: killed at any call nothing is lost, and what was done is found done. What fails again
 * stays and is named.
 *
 * @throws FanOutNameError; AwsError TU2035 where queue or function are missing
 */
export async function fanOutRedrive(project: Project, options: FanOutOptions): Promise<FanOutRedriveResult> {
  const session = await openFanOut(project, options);
  const { reporter = silent, stop } = options;
  const limit = pLimit(AT_ONCE);
  const run = { session, reporter, seconds: secondsOf(session), ...(stop && { stop }) };
  const ends = await allEnded(session.targets.map((target) => limit(() => redriveTarget(target, run))));
  const failed = ends.flatMap((end) => end.kept);
  return {
    format: 'trueup/fan-out-redrive@1',
    document: session.address,
    ok: failed.length === 0 && stop?.aborted !== true,
    redriven: sum(ends, ({ shown }) => shown.redriven),
    failed,
    left: sum(ends, ({ shown }) => shown.failed + shown.came + shown.hidden),
    hiddenSeconds: run.seconds,
    interrupted: stop?.aborted ?? false,
    destinations: ends.map(({ shown }) => shown),
    calls: session.aws.calls(),
  };
}

interface Run {
  readonly session: FanOutSession;
  readonly reporter: Reporter;
  /** For which messages are out of sight. */
  readonly seconds: number;
  readonly stop?: AbortSignal;
}

interface End {
  readonly shown: RedrivenDestination;
  readonly kept: readonly KeptLetter[];
}

async function redriveTarget(target: FanOutTarget, run: Run): Promise<End> {
  const { session } = run;
  const { place, deadLetterQueueUrl: url } = target.told;
  const queue = await openQueueMessages(session.aws, place, url);
  const figures = await readQueueFigures(session.aws, place, url);
  if (!figures) throw notApplied(session, `the dead-letter queue of ${target.name}`);
  /** Those that stay, by their ids: with the newest handle. */
  const back = new Map<string, ReceivedMessage>();
  try {
    const { redriven, kept, came, counts } = await redriveQueue(queue, target, run, back);
    return {
      kept,
      shown: {
        destination: target.name,
        redriven,
        failed: kept.length,
        came,
        hidden: figures.inFlight,
        counts: { ...counts },
      },
    };
  } finally {
    for (const message of back.values()) await queue.hide(message, 0);
  }
}

async function redriveQueue(queue: QueueMessages, target: FanOutTarget, run: Run, back: Map<string, ReceivedMessage>) {
  const { session, reporter, seconds, stop } = run;
  const began = session.clock.now();
  const most = Math.min(MOST_RECEIVED, session.document.spec.concurrency);
  const done = new Set<string>();
  const kept: KeptLetter[] = [];
  const came = new Set<string>();
  let counts = countsOfNone();

  async function handle(message: ReceivedMessage): Promise<void> {
    const verdict = await replayLetter(message, queue, { session, target, seconds, ...(stop && { stop }) });
    if (verdict.is === 'done') {
      await queue.remove(message);
      back.delete(message.id);
      done.add(message.id);
      counts = sumCounts(counts, verdict.counts);
    } else if (verdict.is !== 'stopped') {
      kept.push(keptLetter(target, message, verdict));
    }
    reporter.onStep(session.address, `${target.name}  ${done.size} redriven, ${kept.length} stay`);
  }

  for (let idle = 0; idle <= MOST_IDLE + back.size / most;) {
    if (stop?.aborted) break;
    const received = await queue.receive(seconds, most);
    if (received.length === 0) break;
    const fresh: ReceivedMessage[] = [];
    for (const message of received) {
      // SQS may bring again what was deleted ("at-least-once delivery").
      if (done.has(message.id)) await queue.remove(message);
      else if (back.has(message.id)) back.set(message.id, message);
      else {
        back.set(message.id, message);
        if (message.sent > began) came.add(message.id);
        else fresh.push(message);
      }
    }
    idle = fresh.length === 0 ? idle + 1 : 0;
    await allEnded(fresh.map(handle));
  }
  return { redriven: done.size, kept, came: came.size, counts };
}

function keptLetter(
  { name }: FanOutTarget,
  { id, sent }: ReceivedMessage,
  { is, keys, why }: Exclude<Verdict, { readonly is: 'done' | 'stopped' }>,
): KeptLetter {
  return { destination: name, message: id, sent: new Date(sent).toISOString(), keys, outcome: is, reason: why };
}

/** A message is nobody else's while the function is at it. */
function secondsOf({ document }: FanOutSession): number {
  const timeout = parseDuration(document.spec.function.timeout) ?? 0;
  return timeout + MARGIN_SECONDS;
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
