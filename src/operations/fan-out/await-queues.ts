import { messagesIn, readQueueFigures } from '../../resources/queue-figures.ts';
import { notApplied, pause } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

export interface QueueWait {
  readonly stop?: AbortSignal | undefined;
  /** Told after each look: messages that are not done, over all queues. */
  readonly onLook?: (waiting: number) => void;
}

/** `stuck`: for a long time no message was done. */
export type QueueEnd = 'empty' | 'stuck' | 'stopped';

const LOOK_MS = 5_000;
/** What SQS counts is right a minute after the last message was sent (Developer Guide, "Available CloudWatch metrics"). */
const SETTLE_MS = 60_000;
/** A message that failed comes back after six times the function's time limit, 90 minutes at most. */
const STUCK_MS = 2 * 3_600_000;

/** Messages of work that are not done. @throws AwsError TU2035 where there is no queue */
export async function waitingAt(session: FanOutSession, { name, told }: FanOutTarget): Promise<number> {
  const figures = await readQueueFigures(session.aws, told.place, told.workQueueUrl);
  if (!figures) throw notApplied(session, `the queue of work for ${name}`);
  return messagesIn(figures);
}

/** Messages that failed for good. @throws AwsError TU2035 where there is no queue */
export async function deadLettersAt(session: FanOutSession, { name, told }: FanOutTarget): Promise<number> {
  const figures = await readQueueFigures(session.aws, told.place, told.deadLetterQueueUrl);
  if (!figures) throw notApplied(session, `the dead-letter queue of ${name}`);
  return messagesIn(figures);
}

/** Waits until the queues of work are empty, and were so for as long as SQS takes to count. */
export async function awaitQueues(
  session: FanOutSession,
  targets: readonly FanOutTarget[],
  { stop, onLook }: QueueWait,
): Promise<QueueEnd> {
  const { clock } = session;
  let before = Number.NaN;
  let movedAt = clock.now();
  for (;;) {
    let waiting = 0;
    for (const target of targets) waiting += await waitingAt(session, target);
    onLook?.(waiting);
    if (waiting !== before) movedAt = clock.now();
    before = waiting;
    const still = clock.now() - movedAt;
    if (waiting === 0 && still >= SETTLE_MS) return 'empty';
    if (still >= STUCK_MS) return 'stuck';
    if (stop?.aborted) return 'stopped';
    await pause(session, LOOK_MS, stop);
  }
}
