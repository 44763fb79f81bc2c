import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
} from '@aws-sdk/client-sqs';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { runBatch } from './batch.ts';
import { invalidParameter, messageNotInFlight } from './errors.ts';
import { messagesOf } from './messages.ts';
import { noteMinutes } from './metrics.ts';
import { needQueue, queueArn } from './model.ts';
import type { StoredQueue } from './model.ts';
import { isWithin, numberOf } from './queue-numbers.ts';
import { readHandle } from './receipt-handle.ts';

/** What is done with messages that were received: by their newest receipt handles. */

export function deleteMessage(input: DeleteMessageRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  remove(queue, input.ReceiptHandle, context.data);
  return {};
}

export function deleteMessageBatch(input: DeleteMessageBatchRequest, context: CallContext): DeleteMessageBatchResult {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  return runBatch(input.Entries, ({ ReceiptHandle }) => {
    remove(queue, ReceiptHandle, context.data);
    return {};
  });
}

/** An older handle of a message that was received again is taken, and does nothing; so is one of a message that is gone. */
export function remove(queue: StoredQueue, handle: string | undefined, data: Transaction): void {
  const { key } = readHandle(handle, queueArn(queue));
  if (data.get(messagesOf(queue), key)?.receipt === handle) data.delete(messagesOf(queue), key);
}

export function changeVisibility(input: ChangeMessageVisibilityRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  hide(queue, input.ReceiptHandle, input.VisibilityTimeout, context.data, context.now);
  return {};
}

export function changeVisibilityBatch(
  input: ChangeMessageVisibilityBatchRequest,
  context: CallContext,
): ChangeMessageVisibilityBatchResult {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  return runBatch(input.Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
    const timeout = VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout');
    hide(queue, ReceiptHandle, timeout, context.data, context.now);
    return {};
  });
}

/** @param timeout seconds from now; 0: the message may be received at once. */
export function hide(
  queue: StoredQueue,
  handle: string | undefined,
  timeout: number | undefined,
  data: Transaction,
  now: number,
): void {
  if (timeout === undefined || !isWithin(timeout, 'VisibilityTimeout')) {
    throw invalidParameter(`Value ${timeout} for parameter VisibilityTimeout is invalid.`);
  }
  const { key } = readHandle(handle, queueArn(queue));
  const message = data.get(messagesOf(queue), key);
  if (message === undefined || message.receipt !== handle) {
    throw invalidParameter(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  if (message.visibleFrom <= now) throw messageNotInFlight();
  data.put(messagesOf(queue), key, { ...message, visibleFrom: now + timeout * 1000 });
}
