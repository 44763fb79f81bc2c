import { digestOfAttributes } from '../sqs/message-attributes.ts';
import type { StoredAttribute } from '../sqs/messages.ts';
import { systemAttributes } from '../sqs/receive.ts';
import type { Received } from '../sqs/receive.ts';

/** Messages as a function gets them (Developer Guide, "Example Amazon SQS message event (standard queue)"). */
export function queueEvent(queue: string, messages: readonly Received[]): string {
  const [, , , awsRegion] = queue.split(':');
  const records = messages.map((message) => {
    const digest = digestOfAttributes(message.attributes);
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: shownAttributes(message.attributes),
      md5OfBody: message.md5,
      ...(digest !== undefined && { md5OfMessageAttributes: digest }),
      eventSource: 'aws:sqs',
      eventSourceARN: queue,
      awsRegion,
    };
  });
  return JSON.stringify({ Records: records });
}

function shownAttributes(attributes: Readonly<Record<string, StoredAttribute>>): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => {
      const field = type.startsWith('Binary') ? 'binaryValue' : 'stringValue';
      return [name, { [field]: value, stringListValues: [], binaryListValues: [], dataType: type }];
    }),
  );
}

/**
 * Which messages of a batch are done, where the function reports those that are not (Developer Guide, "Success and
 * failure conditions"): all, where it reports none; none, where it names what was not in the batch.
 *
 * @param answer JSON of the function's answer
 */
export function doneOf(messages: readonly Received[], answer: string): readonly Received[] {
  const value: unknown = JSON.parse(answer);
  if (value === null || typeof value !== 'object') return messages;
  const failures: unknown = 'batchItemFailures' in value ? value.batchItemFailures : null;
  if (failures === null) return messages;
  if (!Array.isArray(failures)) return [];
  const ids = new Set(messages.map(({ id }) => id));
  const failed = failures.map(identifierOf);
  if (!failed.every((id) => id !== undefined && ids.has(id))) return [];
  return messages.filter(({ id }) => !failed.includes(id));
}

function identifierOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null || !('itemIdentifier' in failure)) return undefined;
  const { itemIdentifier: id } = failure;
  return typeof id === 'string' ? id : undefined;
}
