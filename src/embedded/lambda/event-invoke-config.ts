import type {
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { constraintViolation, notEmbedded, notFound } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { MAX_EVENT_AGE_S, MAX_RETRIES } from './limits.ts';
import { functionArn, functionKey } from './model.ts';
import type { FunctionPlace } from './model.ts';

interface StoredEventConfiguration {
  readonly modified: number;
  readonly retries?: number;
  readonly maxAge?: number;
}

export const eventConfigurations = table<StoredEventConfiguration>('lambda/event-configurations');

const MIN_EVENT_AGE_S = 60;

/** How often an asynchronous invocation of a function is tried again. */
export function retriesOf(place: FunctionPlace, data: Transaction): number {
  return data.get(eventConfigurations, functionKey(place))?.retries ?? MAX_RETRIES;
}

/** Overwrites what was there: an option that is not named has its default again. */
export function putEventInvokeConfig(
  input: PutFunctionEventInvokeConfigRequest,
  context: CallContext,
): FunctionEventInvokeConfig {
  const found = ownFunction(input, context);
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: maxAge } = input;
  if (Object.values(input.DestinationConfig ?? {}).some((destination) => destination?.Destination !== undefined)) {
    throw notEmbedded('destinations of asynchronous invocations');
  }
  checkRange('maximumRetryAttempts', retries, 0, MAX_RETRIES);
  checkRange('maximumEventAgeInSeconds', maxAge, MIN_EVENT_AGE_S, MAX_EVENT_AGE_S);
  const stored = {
    modified: context.now,
    ...(retries !== undefined && { retries }),
    ...(maxAge !== undefined && { maxAge }),
  };
  context.data.put(eventConfigurations, functionKey(found), stored);
  return shown(found, stored);
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
  { modified, retries, maxAge }: StoredEventConfiguration,
): FunctionEventInvokeConfig {
  return {
    LastModified: new Date(modified),
    FunctionArn: `${functionArn(place)}:$LATEST`,
    ...(retries !== undefined && { MaximumRetryAttempts: retries }),
    ...(maxAge !== undefined && { MaximumEventAgeInSeconds: maxAge }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw constraintViolation(member, value, `Member must have value from ${least} to ${most}`);
}
