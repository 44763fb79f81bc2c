import { MINUTE_MS, recordMetric } from '../cloudwatch/metrics.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { isExpired, messagesOf, retentionOf } from './messages.ts';
import type { StoredMessage } from './messages.ts';
import { queueKey, queues } from './model.ts';
import type { StoredQueue } from './model.ts';

/** What is known of a queue's minutes. */
interface Watched {
  /** The last minute that was recorded, milliseconds since the epoch. */
  readonly until: number;
  /** When somebody acted on the queue last. */
  readonly acted: number;
}

const watched = table<Watched>('sqs/metrics');

/**
 * Developer guide, "Available CloudWatch metrics for Amazon SQS": each minute of an active queue; one is active "for up
 * to six hours if it contains any messages, or if any API action accesses it".
 */
const ACTIVE_MS = 6 * 60 * MINUTE_MS;
/** "After a message is received three times (or more) and not processed", the age is that of the next one. */
const POISON_RECEIVES = 3;

/**
 * Records the minutes that have passed with the queue as it was; to be called before it changes. Not modelled: metrics
 * that count calls (NumberOfMessagesSent and its like).
 */
export function noteMinutes(queue: StoredQueue, data: Transaction, now: number): void {
  const minute = minuteOf(now);
  const key = queueKey(queue);
  const before = data.get(watched, key);
  if (before !== undefined && before.until < minute) recordMinutes(queue, before, minute, data, now);
  if (before?.until !== minute || before.acted + MINUTE_MS <= now)
    data.put(watched, key, { until: minute, acted: now });
}

/** Records the minutes that have passed of every queue. */
export function noteAllMinutes(data: Transaction, now: number): void {
  const minute = minuteOf(now);
  for (const [key, queue] of data.entries(queues)) {
    const before = data.get(watched, key);
    if (before === undefined || before.until >= minute) continue;
    recordMinutes(queue, before, minute, data, now);
    data.put(watched, key, { ...before, until: minute });
  }
}

export function forgetMinutes(queue: StoredQueue, data: Transaction): void {
  data.delete(watched, queueKey(queue));
}

function minuteOf(moment: number): number {
  return Math.floor(moment / MINUTE_MS) * MINUTE_MS;
}

function recordMinutes(
  queue: StoredQueue,
  { until, acted }: Watched,
  last: number,
  data: Transaction,
  now: number,
): void {
  const messages = [...data.entries(messagesOf(queue))].map(([, message]) => message);
  const retention = retentionOf(queue);
  const quietFrom = acted + ACTIVE_MS;
  for (let at = until + MINUTE_MS; at <= last; at += MINUTE_MS) {
    const there = messages.filter((message) => !isExpired(message, retention, at));
    if (there.length === 0 && at > quietFrom) return;
    record(queue, at, there, data, now);
  }
}

function record(
  queue: StoredQueue,
  at: number,
  messages: readonly StoredMessage[],
  data: Transaction,
  now: number,
): void {
  const { account, region, name: QueueName } = queue;
  const visible = messages.filter(({ visibleFrom }) => visibleFrom <= at).length;
  const delayed = messages.filter(({ visibleFrom, receipt }) => visibleFrom > at && receipt === undefined).length;
  const fresh = messages.filter(({ receives, source }) => receives < POISON_RECEIVES || source !== undefined);
  const oldest = fresh.reduce((least, { arrived }) => Math.min(least, arrived), at);
  const values = [
    ['ApproximateNumberOfMessagesVisible', 'Count', visible],
    ['ApproximateNumberOfMessagesNotVisible', 'Count', messages.length - visible - delayed],
    ['ApproximateNumberOfMessagesDelayed', 'Count', delayed],
    ['ApproximateAgeOfOldestMessage', 'Seconds', Math.floor((at - oldest) / 1000)],
  ] as const;
  for (const [name, unit, value] of values) {
    const metric = { namespace: 'AWS/SQS', name, dimensions: { QueueName }, unit, values: [value], timestamp: at };
    recordMetric(metric, { account, region, now, data });
  }
}
