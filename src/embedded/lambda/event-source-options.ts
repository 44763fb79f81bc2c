import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { findQueue, placeOfQueueArn } from '../sqs/model.ts';
import { numberOf } from '../sqs/queue-numbers.ts';
import { constraintViolation, invalidParameter, notEmbedded } from './errors.ts';
import { QUEUE_ACTIONS } from './event-sources.ts';
import type { StoredMapping } from './event-sources.ts';
import type { StoredFunction } from './model.ts';
import { reasonNotToUseQueue } from './role-caller.ts';

/** CreateEventSourceMapping, BatchSize, MaximumBatchingWindowInSeconds and ScalingConfig, for standard queues. */
const MAX_BATCH = 10_000;
const MAX_BATCH_WITHOUT_WINDOW = 10;
const MAX_WINDOW_S = 300;
const MIN_CONCURRENCY = 2;
const MAX_CONCURRENCY = 1000;

const KNOWN: readonly string[] = [
  'UUID',
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
  'FunctionResponseTypes',
  'Tags',
] satisfies (keyof CreateEventSourceMappingRequest | keyof UpdateEventSourceMappingRequest)[];

type Options = Partial<Pick<StoredMapping, 'batchSize' | 'window' | 'concurrency' | 'reportsFailures' | 'isEnabled'>>;

/** What a request names; the rest is not there. @throws NotEmbedded, InvalidParameterValueException, ValidationException */
export function readOptions(input: CreateEventSourceMappingRequest | UpdateEventSourceMappingRequest): Options {
  const foreign = Object.entries(input).find(([name, value]) => value !== undefined && !KNOWN.includes(name));
  if (foreign !== undefined) throw notEmbedded(`${foreign[0]} of event source mappings`);
  const { Enabled: isEnabled, BatchSize: batchSize, MaximumBatchingWindowInSeconds: window } = input;
  const { MaximumConcurrency: concurrency } = input.ScalingConfig ?? {};
  const { FunctionResponseTypes: types } = input;
  const odd = types?.find((type) => type !== 'ReportBatchItemFailures');
  if (odd !== undefined) {
    throw constraintViolation(
      'functionResponseTypes',
      odd,
      'Member must satisfy enum value set: [ReportBatchItemFailures]',
    );
  }
  checkRange('batchSize', batchSize, 1, MAX_BATCH);
  checkRange('maximumBatchingWindowInSeconds', window, 0, MAX_WINDOW_S);
  checkRange('scalingConfig.maximumConcurrency', concurrency, MIN_CONCURRENCY, MAX_CONCURRENCY);
  return {
    ...(isEnabled !== undefined && { isEnabled }),
    ...(batchSize !== undefined && { batchSize }),
    ...(window !== undefined && { window }),
    ...(concurrency !== undefined && { concurrency }),
    ...(types !== undefined && { reportsFailures: types.length > 0 }),
  };
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw constraintViolation(member, value, `Member must have value from ${least} to ${most}`);
}

/**
 * Does the mapping fit to its queue and its function?
 *
 * @throws InvalidParameterValueException, NotEmbedded
 */
export function checkMapping(mapping: StoredMapping, found: StoredFunction, context: CallContext): void {
  const place = placeOfQueueArn(mapping.queue);
  if (place === undefined) throw notEmbedded('event sources other than queues');
  if (place.region !== mapping.region) throw invalidParameter('The queue must be in the region of the function.');
  if (mapping.batchSize > MAX_BATCH_WITHOUT_WINDOW && mapping.window === 0) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  const why = reasonNotToUseQueue(found, found.settings.role, mapping.queue, QUEUE_ACTIONS, context);
  if (why !== undefined) {
    throw invalidParameter(`The function execution role does not have permissions to call SQS: ${why}`);
  }
  const queue = findQueue(place, context.data);
  if (queue === undefined) {
    throw invalidParameter(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue.',
    );
  }
  const visibility = numberOf(queue, 'VisibilityTimeout');
  if (visibility < found.settings.timeout) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${found.settings.timeout} seconds`,
    );
  }
}
