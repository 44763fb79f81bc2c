import { createHash, randomUUID } from 'node:crypto';
import type {
  MessageAttributeValue,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { runBatch } from './batch.ts';
import { batchTooLong, invalidMessageContents, invalidParameter, missingParameter } from './errors.ts';
import { digestOfAttributes, readAttributes, sizeOfAttributes } from './message-attributes.ts';
import { addMessage } from './messages.ts';
import type { StoredMessage } from './messages.ts';
import { noteMinutes } from './metrics.ts';
import { needQueue } from './model.ts';
import type { StoredQueue } from './model.ts';
import { isWithin, numberOf } from './queue-numbers.ts';

/** SendMessageBatch: "the total size of all messages that you send in a single call … 1 MiB (1,048,576 bytes)". */
const MAX_BATCH_BYTES = 1_048_576;
/** SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. */
const CONTENTS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

type Sent = Omit<SendMessageRequest, 'QueueUrl'>;

export function sendMessage(input: SendMessageRequest, context: CallContext): SendMessageResult {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  return send(input, queue, context);
}

export function sendMessageBatch(input: SendMessageBatchRequest, context: CallContext): SendMessageBatchResult {
  const queue = needQueue(input, context);
  noteMinutes(queue, context.data, context.now);
  const size = (input.Entries ?? []).reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > MAX_BATCH_BYTES) throw batchTooLong(MAX_BATCH_BYTES, size);
  // MessageId and MD5OfMessageBody are always there.
  return runBatch(input.Entries, (entry) => send(entry, queue, context)) as SendMessageBatchResult;
}

function sizeOf({ MessageBody: body = '', MessageAttributes: attributes }: Partial<Sent>): number {
  const values = Object.entries(attributes ?? {}).map(
    ([name, { DataType: type, StringValue: text, BinaryValue: octets }]) =>
      Buffer.byteLength(`${name}${type}${text ?? ''}`) + (octets?.length ?? 0),
  );
  return values.reduce((sum, value) => sum + value, Buffer.byteLength(body));
}

function send(input: Sent, queue: StoredQueue, context: CallContext): SendMessageResult {
  if (input.MessageGroupId !== undefined || input.MessageDeduplicationId !== undefined) {
    throw notEmbedded('groups and deduplication of messages');
  }
  const { caller, now, data } = context;
  const delay = input.DelaySeconds ?? numberOf(queue, 'DelaySeconds');
  if (!isWithin(delay, 'DelaySeconds')) throw invalidParameter(`Value ${delay} for parameter DelaySeconds is invalid.`);
  const message = newMessage(
    {
      body: input.MessageBody ?? '',
      attributes: readAttributes(input.MessageAttributes),
      senderId: caller.userId,
      delay,
      trace: traceOf(input) ?? context.trace,
    },
    queue,
    now,
  );
  addMessage(queue, message, data);
  const digest = digestOfAttributes(message.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: message.md5,
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
  };
}

/** "Currently, the only supported message system attribute is AWSTraceHeader." */
function traceOf({ MessageSystemAttributes: given = {} }: Sent): string | undefined {
  for (const [name, value] of Object.entries<MessageAttributeValue>(given)) {
    if (name !== 'AWSTraceHeader' || value.DataType !== 'String' || value.StringValue === undefined) {
      throw invalidParameter(`The message system attribute '${name}' is invalid.`);
    }
    return value.StringValue;
  }
  return undefined;
}

/** What is put into a queue. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: StoredMessage['attributes'];
  readonly senderId: string;
  /** Seconds. */
  readonly delay: number;
  readonly trace?: string | undefined;
}

/** @throws what SQS says about a message that it does not take */
export function newMessage(given: NewMessage, queue: StoredQueue, now: number): StoredMessage {
  const { body, attributes, senderId, delay, trace } = given;
  if (body === '') throw missingParameter('MessageBody');
  if (!CONTENTS.test(body)) throw invalidMessageContents();
  const most = numberOf(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(body) + sizeOfAttributes(attributes) > most) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  }
  return {
    id: randomUUID(),
    body,
    md5: createHash('md5').update(body).digest('hex'),
    attributes,
    senderId,
    sent: now,
    arrived: now,
    visibleFrom: now + delay * 1000,
    receives: 0,
    ...(trace !== undefined && { trace }),
  };
}
