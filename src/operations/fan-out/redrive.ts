import pLimit from 'p-limit';
import { parseDuration } from '../../engine/duration.ts';
import type { FanOutRedriveResult, KeptLetter, RedrivenDestination } from '../../fan-out/redrive-result.ts';
import { countsOfNone, sumCounts } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { messagesIn, readQueueFigures } from '../../resources/queue-figures.ts';
import type { QueueFigures } from '../../resources/queue-figures.ts';
import { openQueueMessages, watchQueueClock } from '../../resources/received-messages.ts';
import type { QueueMessages, ReceivedMessage } from '../../resources/received-messages.ts';
import type { Project } from '../project.ts';
import { silent } from '../reporter.ts';
import type { Reporter } from '../reporter.ts';
import { allEnded } from './all-ended.ts';
import { notApplied, openFanOut, pause } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';
import type { FanOutOptions } from './options.ts';
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
/** `Date` of an answer is in whole seconds (RFC 9110 §5.6.7). */
const DATE_MS = 1_000;
/** What SQS counts is right a minute later (SQS Developer Guide, "Available CloudWatch metrics"). */
const SETTLE_MS = 60_000;
const LOOK_MS = 5_000;

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
  const left = sum(ends, (end) => end.left);
  return {
    format: 'trueup/fan-out-redrive@1',
    document: session.address,
    ok: left === 0 && stop?.aborted !== true,
    redriven: sum(ends, ({ shown }) => shown.redriven),
    failed,
    left,
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
  /** In the queue still. */
  readonly left: number;
}

async function redriveTarget(target: FanOutTarget, run: Run): Promise<End> {
  const { session } = run;
  const { place, deadLetterQueueUrl: url } = target.told;
  const queue = await openQueueMessages(session.aws, place, url);
  const skewOf = await watchQueueClock(session.aws, place, session.clock);
  await figuresOf(target, session);
  // By SQS's clock, which may be another than ours.
  const began = session.clock.now() + (skewOf() ?? 0) + DATE_MS;
  /** Those that stay, by their ids: with the newest handle. */
  const back = new Map<string, ReceivedMessage>();
  let end: Awaited<ReturnType<typeof redriveQueue>>;
  try {
    end = await redriveQueue(queue, target, run, { began, back });
  } finally {
    for (const message of back.values()) await queue.hide(message, 0);
  }
  const { redriven, kept, counts } = end;
  const after = await figuresAfter(target, run, kept.length + end.came);
  // What an interrupted run did not try has not come meanwhile.
  const came = run.stop?.aborted ? end.came : Math.max(end.came, after.visible + after.delayed - kept.length);
  return {
    kept,
    left: Math.max(kept.length + came + after.inFlight, messagesIn(after)),
    shown: {
      destination: target.name,
      redriven,
      failed: kept.length,
      came,
      hidden: after.inFlight,
      counts: { ...counts },
    },
  };
}

async function figuresOf({ name, told }: FanOutTarget, session: FanOutSession): Promise<QueueFigures> {
  const figures = await readQueueFigures(session.aws, told.place, told.deadLetterQueueUrl);
  if (!figures) throw notApplied(session, `the dead-letter queue of ${name}`);
  return figures;
}

/** What the queue holds at the end. More than is known to be there may be counted late: that is waited for. */
async function figuresAfter(target: FanOutTarget, { session, stop }: Run, known: number): Promise<QueueFigures> {
  const until = session.clock.now() + SETTLE_MS;
  for (;;) {
    const figures = await figuresOf(target, session);
    const isKnown = figures.inFlight === 0 && figures.visible + figures.delayed <= known;
    if (isKnown || session.clock.now() >= until || stop?.aborted) return figures;
    await pause(session, LOOK_MS, stop);
  }
}

/** @param run `began`: what was sent later, by SQS's clock, came while it ran; `back`: those that are to be put back */
async function redriveQueue(
  queue: QueueMessages,
  target: FanOutTarget,
  run: Run,
  { began, back }: { readonly began: number; readonly back: Map<string, ReceivedMessage> },
) {
  const { session, reporter, seconds, stop } = run;
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
