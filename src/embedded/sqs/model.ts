import { rowKeyIn, rowsIn } from '../row-key.ts';
import type { CallContext, ConditionKeys, ResourcePolicy } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { invalidAddress, missingParameter, queueDoesNotExist } from './errors.ts';

export const IAM = { actionPrefix: 'sqs', deniedName: 'AccessDeniedException' } as const;

export interface StoredQueue {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly modified: number;
  /** What was set; an attribute that is not here has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Tags;
  /** When it was purged last. */
  readonly purged?: number;
}

export type QueuePlace = Pick<StoredQueue, 'account' | 'region' | 'name'>;

export const queues = table<StoredQueue>('sqs/queues');

/** When a queue of that key was deleted. */
export const deletedQueues = table<number>('sqs/deleted');

export function queueKey(place: QueuePlace): string {
  return rowKeyIn(place.name, place);
}

export function queueArn({ account, region, name }: QueuePlace): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** Developer guide, "Queue and message identifiers". */
export function queueUrl({ account, region, name }: QueuePlace): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

const ARN = /^arn:aws:sqs:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<name>[\w.-]+)$/;
const URL = /^https:\/\/sqs\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<account>\d{12})\/(?<name>[\w.-]+)$/;

/** Undefined: it is the ARN of no queue. */
export function placeOfQueueArn(arn: string): QueuePlace | undefined {
  return placeIn(ARN.exec(arn));
}

function placeIn(found: RegExpExecArray | null): QueuePlace | undefined {
  const { region, account, name } = found?.groups ?? {};
  return region === undefined || account === undefined || name === undefined ? undefined : { account, region, name };
}

export function findQueue(place: QueuePlace, data: Transaction): StoredQueue | undefined {
  return data.get(queues, queueKey(place));
}

export function putQueue(queue: StoredQueue, data: Transaction): void {
  data.put(queues, queueKey(queue), queue);
}

/** Queues of the caller's account in the call's region, by name. */
export function queuesOf(context: CallContext): readonly StoredQueue[] {
  return rowsIn(queues, context);
}

export interface QueueReference {
  readonly QueueUrl: string | undefined;
}

/**
 * The queue of a call, of another account too: who may was asked before.
 *
 * @throws InvalidAddress for what is no queue's URL in this region, QueueDoesNotExist
 */
export function needQueue({ QueueUrl: url }: QueueReference, { region, data }: CallContext): StoredQueue {
  if (url === undefined || url === '') throw missingParameter('QueueUrl');
  const place = placeIn(URL.exec(url));
  if (place === undefined || place.region !== region) throw invalidAddress(url);
  const queue = findQueue(place, data);
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** `*`: the call names no queue. */
export function arnBehindUrl({ QueueUrl: url }: QueueReference): string {
  const place = placeIn(URL.exec(url ?? ''));
  return place === undefined ? '*' : queueArn(place);
}

export function queueTagKeys(arn: string, { data }: CallContext): ConditionKeys {
  const place = placeOfQueueArn(arn);
  return resourceTagKeys(place && findQueue(place, data)?.tags);
}

/** Undefined: no queue is named. One of the own account that is not there has no policy; the call itself will say so. */
export function queuePolicy(arn: string, { data }: CallContext): ResourcePolicy | undefined {
  const place = placeOfQueueArn(arn);
  if (place === undefined) return undefined;
  const document = findQueue(place, data)?.attributes['Policy'];
  return { account: place.account, document, adds: true };
}
