import { rowKeyIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { findQueue, placeOfQueueArn } from '../sqs/model.ts';
import type { StoredQueue } from '../sqs/model.ts';
import type { Tags } from '../tags.ts';
import { notFound } from './errors.ts';
import { functionKey, functions } from './model.ts';
import type { StoredFunction } from './model.ts';
import { reasonNotToUseQueue } from './role-caller.ts';

/** What reads a queue and runs a function with its messages. */
export interface StoredMapping {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  /** ARN. */
  readonly queue: string;
  /** Name of the function, in the same account and region. */
  readonly functionName: string;
  /** Messages. */
  readonly batchSize: number;
  /** Seconds in which a batch is gathered. */
  readonly window: number;
  /** Batches at once; undefined: as many as there are pollers. */
  readonly concurrency?: number;
  /** Does the function say which messages it could not do? */
  readonly reportsFailures: boolean;
  readonly isEnabled: boolean;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Until then it is in `change`. */
  readonly settledFrom: number;
  readonly change: 'Creating' | 'Updating' | 'Enabling' | 'Disabling';
  readonly lastResult: string;
  readonly tags: Tags;
}

export const mappings = table<StoredMapping>('lambda/event-source-mappings');

/** AWS takes seconds. */
export const SETTLING_MS = 3000;

export function mappingKey({ account, region, id }: Pick<StoredMapping, 'account' | 'region' | 'id'>): string {
  return rowKeyIn(id, { account, region });
}

export function mappingArn({ account, region, id }: Pick<StoredMapping, 'account' | 'region' | 'id'>): string {
  return `arn:aws:lambda:${region}:${account}:event-source-mapping:${id}`;
}

export function putMapping(mapping: StoredMapping, data: Transaction): void {
  data.put(mappings, mappingKey(mapping), mapping);
}

/** @throws ResourceNotFoundException */
export function ownMapping(id: string | undefined, { caller, region, data }: CallContext): StoredMapping {
  const found = data.get(mappings, mappingKey({ account: caller.account, region, id: id ?? '' }));
  if (found === undefined) throw notFound('The resource you requested does not exist.');
  return found;
}

/** Rights of the function's role that a mapping needs (Developer Guide, "Using Lambda with Amazon SQS"). */
export const QUEUE_ACTIONS: readonly string[] = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** What a mapping works with. */
export interface Source {
  readonly mapping: StoredMapping;
  readonly queue: StoredQueue;
  readonly found: StoredFunction;
  /** From then on it may work; milliseconds since the epoch. */
  readonly from: number;
}

/** Undefined: it is switched off, or cannot work for want of a queue, a function or rights. */
export function sourceOf(mapping: StoredMapping, data: Transaction, now: number): Source | undefined {
  if (!mapping.isEnabled) return undefined;
  const place = placeOfQueueArn(mapping.queue);
  const queue = place && findQueue(place, data);
  const found = data.get(functions, functionKey({ ...mapping, name: mapping.functionName }));
  if (queue === undefined || found === undefined) return undefined;
  const why = reasonNotToUseQueue(found, found.settings.role, mapping.queue, QUEUE_ACTIONS, { data, now });
  if (why !== undefined) return undefined;
  return { mapping, queue, found, from: Math.max(mapping.settledFrom, found.activeFrom) };
}
