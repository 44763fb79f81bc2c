import { randomUUID } from 'node:crypto';
import type { Message, ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { invalidParameter, overLimit } from './errors.ts';
import { chosenOf, digestOfAttributes, showAttribute } from './message-attributes.ts';
import { addMessage, countMessages, isExpired, messagesOf, retentionOf } from './messages.ts';
import type { StoredMessage } from './messages.ts';
import { noteMinutes } from './metrics.ts';
import { findQueue, needQueue, placeOfQueueArn, queueArn } from './model.ts';
import type { StoredQueue } from './model.ts';
import { isWithin, numberOf } from './queue-numbers.ts';
import { writeHandle } from './receipt-handle.ts';
import { redriveOf } from './redrive-policy.ts';

/** ReceiveMessage, MaxNumberOfMessages: "1 to 10. Default: 1." */
const MAX_MESSAGES = 10;
/** "There can be a maximum of approximately 120,000 in flight messages." */
const MAX_IN_FLIGHT = 120_000;

/** A long poll answers at once: here nothing arrives while a call waits. */
export function receiveMessage(input: ReceiveMessageRequest, context: CallContext): ReceiveMessageResult {
  const queue = needQueue(input, context);
  if (input.ReceiveRequestAttemptId !== undefined)
    throw notEmbedded('ReceiveRequestAttemptId, which is of FIFO queues');
  const { MaxNumberOfMessages: most = 1, WaitTimeSeconds: wait = 0 } = input;
  const timeout = input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout');
  if (!Number.isInteger(most) || most < 1 || most > MAX_MESSAGES) {
    throw invalidParameter(
      `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and ${MAX_MESSAGES}, if provided.`,
    );
  }
  checkNumber('VisibilityTimeout', timeout, isWithin(timeout, 'VisibilityTimeout'));
  checkNumber('WaitTimeSeconds', wait, isWithin(wait, 'ReceiveMessageWaitTimeSeconds'));
  checkInFlight(queue, context);
  const received = receive(queue, { most, timeout }, context.data, context.now);
  // "An empty list instead of a Null object" is Java's alone: JSON leaves it out.
  return received.length === 0 ? {} : { Messages: received.map((message) => show(message, input)) };
}

function checkInFlight(queue: StoredQueue, { data, now }: CallContext): void {
  if (data.size(messagesOf(queue)) < MAX_IN_FLIGHT) return;
  if (countMessages(queue, data, now).inFlight >= MAX_IN_FLIGHT) throw overLimit('Too many messages in flight.');
}

function checkNumber(name: string, value: number, isRight: boolean): void {
  if (!isRight) throw invalidParameter(`Value ${value} for parameter ${name} is invalid.`);
}

/** A message that was received: with its handle. */
export type Received = StoredMessage & { readonly receipt: string };

/**
 * Takes messages out of sight, the oldest first. Those that were received too often become dead letters instead.
 *
 * @param how `most` messages, for `timeout` seconds; of `octets` at most in their bodies, each with `beside` more
 */
export function receive(
  queue: StoredQueue,
  how: { readonly most: number; readonly timeout: number; readonly octets?: number; readonly beside?: number },
  data: Transaction,
  now: number,
): readonly Received[] {
  noteMinutes(queue, data, now);
  const bound = redriveOf(queue);
  const retention = retentionOf(queue);
  const received: Received[] = [];
  const { octets = Number.POSITIVE_INFINITY, beside = 0 } = how;
  let size = 0;
  for (const [key, message] of data.entries(messagesOf(queue))) {
    if (received.length === how.most) break;
    if (isExpired(message, retention, now)) {
      data.delete(messagesOf(queue), key);
      continue;
    }
    if (message.visibleFrom > now) continue;
    if (bound !== undefined && message.receives >= bound.maxReceiveCount) {
      if (moveToDeadLetters(queue, key, message, bound.deadLetterTargetArn, data, now)) continue;
    }
    size += Buffer.byteLength(message.body) + beside;
    if (size > octets && received.length > 0) break;
    const one = { ...message, ...taken(message, queue, key, how.timeout, now) };
    data.put(messagesOf(queue), key, one);
    received.push(one);
  }
  return received;
}

function taken(
  message: StoredMessage,
  queue: StoredQueue,
  key: string,
  timeout: number,
  now: number,
): Pick<Received, 'receives' | 'firstReceived' | 'receipt' | 'visibleFrom'> {
  return {
    receives: message.receives + 1,
    firstReceived: message.firstReceived ?? now,
    receipt: writeHandle({ queue: queueArn(queue), key, nonce: randomUUID() }),
    visibleFrom: now + timeout * 1000,
  };
}

/** @returns whether it could be moved: a dead-letter queue may have been deleted. */
function moveToDeadLetters(
  queue: StoredQueue,
  key: string,
  { receipt: _receipt, ...message }: StoredMessage,
  target: string,
  data: Transaction,
  now: number,
): boolean {
  const place = placeOfQueueArn(target);
  const letters = place && findQueue(place, data);
  if (letters === undefined) return false;
  noteMinutes(letters, data, now);
  addMessage(letters, { ...message, arrived: now, visibleFrom: now, source: queueArn(queue) }, data);
  data.delete(messagesOf(queue), key);
  return true;
}

function show(message: Received, input: ReceiveMessageRequest): Message {
  const system = chosenSystem(message, [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])]);
  const attributes = chosenOf(message.attributes, input.MessageAttributeNames ?? []);
  const digest = digestOfAttributes(attributes);
  const shown = Object.entries(attributes).map(([name, value]) => [name, showAttribute(value)]);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(digest !== undefined && {
      MD5OfMessageAttributes: digest,
      MessageAttributes: Object.fromEntries(shown) as Message['MessageAttributes'],
    }),
  };
}

function chosenSystem(message: Received, wanted: readonly string[]): Record<string, string> {
  const all = Object.entries(systemAttributes(message));
  return Object.fromEntries(all.filter(([name]) => wanted.includes('All') || wanted.includes(name)));
}

/** Numbers as text, moments in milliseconds (ReceiveMessage, MessageSystemAttributeNames). */
export function systemAttributes(message: Received): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sent),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    ...(message.trace !== undefined && { AWSTraceHeader: message.trace }),
    ...(message.source !== undefined && { DeadLetterQueueSourceArn: message.source }),
  };
}
