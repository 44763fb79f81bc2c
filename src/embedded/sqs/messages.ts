import { table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';
import { queueKey } from './model.ts';
import type { QueuePlace, StoredQueue } from './model.ts';
import { numberOf } from './queue-numbers.ts';

/** A message attribute; the value as text or, of `Binary`, in base64. */
export interface StoredAttribute {
  readonly type: string;
  readonly value: string;
}

export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  /** Hexadecimal, of the body. */
  readonly md5: string;
  readonly attributes: Readonly<Record<string, StoredAttribute>>;
  readonly senderId: string;
  /** Into its first queue; milliseconds since the epoch, as all moments here. A message expires by it. */
  readonly sent: number;
  /** Into this queue. */
  readonly arrived: number;
  /** Until then nobody receives it: it is delayed or in flight. */
  readonly visibleFrom: number;
  /** How often it was received, in all queues. */
  readonly receives: number;
  readonly firstReceived?: number;
  /** The newest receipt handle; undefined: not received in this queue. */
  readonly receipt?: string;
  /** ARN of the queue that it was a dead letter of. */
  readonly source?: string;
  /** X-Ray's header. */
  readonly trace?: string;
}

/** Messages of one queue in the order in which they came. */
export function messagesOf(queue: QueuePlace): Table<StoredMessage> {
  return table(`sqs/messages ${queueKey(queue)}`);
}

const KEY_DIGITS = 12;

export function addMessage(queue: QueuePlace, message: StoredMessage, data: Transaction): void {
  data.put(messagesOf(queue), String(data.next('sqs/messages')).padStart(KEY_DIGITS, '0'), message);
}

/** MessageRetentionPeriod: "for standard queues, the expiration of a message is always based on its original enqueue timestamp". */
export function isExpired({ sent }: StoredMessage, retention: number, now: number): boolean {
  return now >= sent + retention;
}

/** Milliseconds. */
export function retentionOf(queue: StoredQueue): number {
  return numberOf(queue, 'MessageRetentionPeriod') * 1000;
}

/** Messages that are still there, oldest first, as they were before this call. */
export function* liveMessages(
  queue: StoredQueue,
  data: Transaction,
  now: number,
): Generator<readonly [key: string, message: StoredMessage]> {
  const retention = retentionOf(queue);
  const messages = messagesOf(queue);
  for (const key of data.keys(messages)) {
    const message = data.get(messages, key);
    if (message !== undefined && !isExpired(message, retention, now)) yield [key, message];
  }
}

export function dropAll(queue: QueuePlace, data: Transaction): void {
  const messages = messagesOf(queue);
  for (const key of data.keys(messages)) data.delete(messages, key);
}

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  /** Sent with a delay that is not over. */
  readonly delayed: number;
}

export function countMessages(queue: StoredQueue, data: Transaction, now: number): MessageCounts {
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  for (const [, { visibleFrom, receipt }] of liveMessages(queue, data, now)) {
    if (visibleFrom <= now) counts.visible += 1;
    else if (receipt === undefined) counts.delayed += 1;
    else counts.inFlight += 1;
  }
  return counts;
}
