import type {
  DeleteFunctionEventInvokeConfigRequest,
  DestinationConfig,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { constraintViolation, invalidParameter, notEmbedded, notFound } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { MAX_EVENT_AGE_S, MAX_RETRIES } from './limits.ts';
import { functionArn, functionKey } from './model.ts';
import type { FunctionPlace, StoredFunction } from './model.ts';
import { reasonNotToUseQueue } from './role-caller.ts';
import { placeOfQueueArn } from '../sqs/model.ts';

interface StoredEventConfiguration {
  readonly modified: number;
  readonly retries?: number;
  /** Seconds. */
  readonly maxAge?: number;
  /** ARN of the queue that is told of events which failed for good. */
  readonly onFailure?: string;
}

export const eventConfigurations = table<StoredEventConfiguration>('lambda/event-configurations');

const MIN_EVENT_AGE_S = 60;

/** What an asynchronous invocation of a function may come to. */
interface EventRules {
  /** How often it is tried again. */
  readonly retries: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly onFailure: string | undefined;
}

export function eventRulesOf(place: FunctionPlace, data: Transaction): EventRules {
  const {
    retries = MAX_RETRIES,
    maxAge = MAX_EVENT_AGE_S,
    onFailure,
  } = data.get(eventConfigurations, functionKey(place)) ?? {};
  return { retries, maxAge: maxAge * 1000, onFailure };
}

/** Overwrites what was there: an option that is not named has its default again. */
export function putEventInvokeConfig(
  input: PutFunctionEventInvokeConfigRequest,
  context: CallContext,
): FunctionEventInvokeConfig {
  const found = ownFunction(input, context);
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: maxAge } = input;
  const onFailure = checkDestinations(input.DestinationConfig, found, context);
  checkRange('maximumRetryAttempts', retries, 0, MAX_RETRIES);
  checkRange('maximumEventAgeInSeconds', maxAge, MIN_EVENT_AGE_S, MAX_EVENT_AGE_S);
  const stored = {
    modified: context.now,
    ...(retries !== undefined && { retries }),
    ...(maxAge !== undefined && { maxAge }),
    ...(onFailure !== undefined && { onFailure }),
  };
  context.data.put(eventConfigurations, functionKey(found), stored);
  return shown(found, stored);
}

/** Undefined: nobody is told. */
function checkDestinations(
  given: DestinationConfig | undefined,
  found: StoredFunction,
  context: CallContext,
): string | undefined {
  if (given?.OnSuccess?.Destination !== undefined) throw notEmbedded('destinations of invocations that succeed');
  const queue = given?.OnFailure?.Destination;
  if (queue === undefined) return undefined;
  if (placeOfQueueArn(queue) === undefined) throw notEmbedded('destinations of invocations other than queues');
  const why = reasonNotToUseQueue(found, found.settings.role, queue, ['sqs:SendMessage'], context);
  if (why === undefined) return queue;
  throw invalidParameter(
    `The destination ${queue} is invalid. The function's execution role does not have permissions to call SendMessage on it.`,
  );
}

export function deleteEventInvokeConfig(input: DeleteFunctionEventInvokeConfigRequest, context: CallContext): object {
  const found = ownFunction(input, context);
  getEventInvokeConfig(input, context);
  context.data.delete(eventConfigurations, functionKey(found));
  return {};
}

export function getEventInvokeConfig(
  input: GetFunctionEventInvokeConfigRequest,
  context: CallContext,
): FunctionEventInvokeConfig {
  const found = ownFunction(input, context);
  const stored = context.data.get(eventConfigurations, functionKey(found));
  if (stored !== undefined) return shown(found, stored);
  throw notFound(`The function ${functionArn(found)}:$LATEST doesn't have an EventInvokeConfig`);
}

function shown(
  place: FunctionPlace,
  { modified, retries, maxAge, onFailure }: StoredEventConfiguration,
): FunctionEventInvokeConfig {
  return {
    LastModified: new Date(modified),
    FunctionArn: `${functionArn(place)}:$LATEST`,
    ...(retries !== undefined && { MaximumRetryAttempts: retries }),
    ...(maxAge !== undefined && { MaximumEventAgeInSeconds: maxAge }),
    DestinationConfig: { OnSuccess: {}, OnFailure: onFailure === undefined ? {} : { Destination: onFailure } },
  };
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw constraintViolation(member, value, `Member must have value from ${least} to ${most}`);
}
