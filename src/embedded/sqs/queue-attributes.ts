import { PolicySyntaxError, parsePolicy } from '../iam/policy/parse.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { Transaction } from '../store/database.ts';
import { invalidAttributeName, invalidAttributeValue } from './errors.ts';
import { countMessages } from './messages.ts';
import { queueArn } from './model.ts';
import type { QueuePlace, StoredQueue } from './model.ts';
import { NUMBERS, isNumberName, isWithin } from './queue-numbers.ts';
import { checkRedrive, checkRedriveAllow } from './redrive-policy.ts';

const NOT_EMBEDDED = [
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
];

/** An empty text takes these away. */
const REMOVABLE = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'];

/**
 * The attributes of a queue after some were set.
 *
 * @throws InvalidAttributeName, InvalidAttributeValue
 */
export function withAttributes(
  before: StoredQueue['attributes'],
  given: Readonly<Record<string, string | undefined>>,
  place: QueuePlace,
  data: Transaction,
): StoredQueue['attributes'] {
  const after = { ...before };
  for (const [name, value = ''] of Object.entries(given)) {
    if (value === '' && REMOVABLE.includes(name)) delete after[name];
    else after[name] = checkAttribute(name, value, place, data);
  }
  return after;
}

function checkAttribute(name: string, value: string, place: QueuePlace, data: Transaction): string {
  if (NOT_EMBEDDED.includes(name)) throw notEmbedded(`attribute ${name} of queues`);
  if (isNumberName(name)) {
    const [, least, most] = NUMBERS[name];
    if (!/^\d{1,9}$/.test(value) || !isWithin(Number(value), name)) {
      throw invalidAttributeValue(name, `An integer from ${least} to ${most}`);
    }
    return String(Number(value));
  }
  if (name === 'RedrivePolicy') checkRedrive(value, place, data);
  else if (name === 'RedriveAllowPolicy') checkRedriveAllow(value);
  else if (name === 'Policy') checkPolicy(value);
  else if (name !== 'SqsManagedSseEnabled') throw invalidAttributeName(name);
  else if (value !== 'true' && value !== 'false') throw invalidAttributeValue(name);
  return value;
}

function checkPolicy(policy: string): void {
  try {
    parsePolicy(policy, 'resource');
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw invalidAttributeValue('Policy', error.message);
    throw error;
  }
}

/** What GetQueueAttributes shows under `All`, in text. */
export function shownAttributes(queue: StoredQueue, data: Transaction, now: number): Record<string, string> {
  const { visible, inFlight, delayed } = countMessages(queue, data, now);
  const usual = Object.entries(NUMBERS).map(([name, [value]]) => [name, String(value)]);
  return {
    ...(Object.fromEntries(usual) as Record<string, string>),
    SqsManagedSseEnabled: 'true',
    ...queue.attributes,
    QueueArn: queueArn(queue),
    CreatedTimestamp: seconds(queue.created),
    LastModifiedTimestamp: seconds(queue.modified),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}

const COUNTS = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];
const READABLE = new Set([...Object.keys(NUMBERS), ...NOT_EMBEDDED, ...REMOVABLE, ...COUNTS, 'SqsManagedSseEnabled']);

/** @throws InvalidAttributeName for a name that no queue has. */
export function chosenAttributes(all: Record<string, string>, names: readonly string[]): Record<string, string> {
  if (names.includes('All')) return all;
  const foreign = names.find((name) => !READABLE.has(name));
  if (foreign !== undefined) throw invalidAttributeName(foreign);
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
