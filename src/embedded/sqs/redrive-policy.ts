import type { Transaction } from '../store/database.ts';
import { invalidAttributeValue } from './errors.ts';
import { findQueue, placeOfQueueArn, queueArn } from './model.ts';
import type { QueuePlace, StoredQueue } from './model.ts';

/** Where messages go that were received too often (CreateQueue, RedrivePolicy). */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** "The number of times a message is delivered … Default: 10"; the console takes 1 to 1,000. */
const DEFAULT_RECEIVES = 10;
const MAX_RECEIVES = 1000;
/** "You can specify up to 10 source queue ARNs." */
const MAX_SOURCES = 10;

type Fields = Readonly<Record<string, unknown>>;

export function redriveOf({ attributes }: Pick<StoredQueue, 'attributes'>): RedrivePolicy | undefined {
  const { RedrivePolicy: text } = attributes;
  return text === undefined ? undefined : readRedrive(text);
}

/**
 * A redrive policy as it may hang on a queue: the dead-letter queue is there, in the same account and region, and lets
 * it ("Using dead-letter queues in Amazon SQS").
 *
 * @throws InvalidAttributeValue
 */
export function checkRedrive(text: string, place: QueuePlace, data: Transaction): void {
  const { deadLetterTargetArn } = readRedrive(text);
  const target = placeOfQueueArn(deadLetterTargetArn);
  if (target === undefined || target.account !== place.account || target.region !== place.region) {
    throw refuse(text, 'Dead-letter target must be in the same account and region as the source');
  }
  const queue = findQueue(target, data);
  if (queue === undefined) throw refuse(text, 'Dead letter target does not exist');
  if (!isAllowed(queue, place)) throw refuse(text, 'Dead-letter target does not allow this source queue');
}

function readRedrive(text: string): RedrivePolicy {
  const { deadLetterTargetArn, maxReceiveCount = DEFAULT_RECEIVES, ...rest } = readFields(text, 'RedrivePolicy');
  if (typeof deadLetterTargetArn !== 'string' || Object.keys(rest).length > 0) {
    throw refuse(text, 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn, or foreign ones');
  }
  const most = Number(maxReceiveCount);
  if (!Number.isInteger(most) || most < 1 || most > MAX_RECEIVES) {
    throw refuse(text, `maxReceiveCount must be an integer from 1 to ${MAX_RECEIVES}`);
  }
  return { deadLetterTargetArn, maxReceiveCount: most };
}

function refuse(text: string, why: string): Error {
  return invalidAttributeValue('RedrivePolicy', `Value ${text} is invalid. ${why}.`);
}

/** @throws InvalidAttributeValue */
export function checkRedriveAllow(text: string): void {
  const name = 'RedriveAllowPolicy';
  const { redrivePermission: permission, sourceQueueArns: sources, ...rest } = readFields(text, name);
  const isKnown = permission === 'allowAll' || permission === 'denyAll' || permission === 'byQueue';
  if (!isKnown || Object.keys(rest).length > 0) throw invalidAttributeValue(name);
  if (permission !== 'byQueue' && sources === undefined) return;
  const isList = Array.isArray(sources) && sources.every((one) => typeof one === 'string');
  if (permission !== 'byQueue' || !isList || sources.length === 0 || sources.length > MAX_SOURCES) {
    throw invalidAttributeValue(name, `sourceQueueArns go with byQueue, 1 to ${MAX_SOURCES} of them`);
  }
}

function isAllowed({ attributes }: StoredQueue, source: QueuePlace): boolean {
  const { RedriveAllowPolicy: text } = attributes;
  if (text === undefined) return true;
  const { redrivePermission: permission, sourceQueueArns: sources } = readFields(text, 'RedriveAllowPolicy');
  if (permission !== 'byQueue') return permission === 'allowAll';
  return Array.isArray(sources) && sources.includes(queueArn(source));
}

function readFields(text: string, name: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // Refused below, as any other text that is no object.
  }
  throw invalidAttributeValue(name, 'It is no JSON object');
}
