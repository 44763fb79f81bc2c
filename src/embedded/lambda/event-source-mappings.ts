import { randomUUID } from 'node:crypto';
import type {
  CreateEventSourceMappingRequest,
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  GetEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { rowsIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { conflict, constraintViolation, invalidParameter } from './errors.ts';
import { checkMapping, readOptions } from './event-source-options.ts';
import { SETTLING_MS, mappingArn, mappingKey, mappings, ownMapping, putMapping } from './event-sources.ts';
import type { StoredMapping } from './event-sources.ts';
import { ownFunction, parseFunctionName } from './function-name.ts';
import { functionArn } from './model.ts';
import { withFunctionTags } from './tags.ts';

/** ListEventSourceMappings: "a maximum of 100 items in each response". */
const PAGE = 100;
const MAX_ITEMS = 10_000;

export function createMapping(
  input: CreateEventSourceMappingRequest,
  context: CallContext,
): EventSourceMappingConfiguration {
  const { now, data, region } = context;
  const found = ownFunction(input, context);
  const queue = input.EventSourceArn;
  if (queue === undefined) throw invalidParameter('The EventSourceArn is required.');
  const known = rowsIn(mappings, context).find((one) => one.queue === queue && one.functionName === found.name);
  if (known !== undefined) {
    throw conflict(
      `An event source mapping with SQS arn (" ${queue} ") and function (" ${found.name} ") already exists. Please update or delete the existing mapping with UUID ${known.id}`,
    );
  }
  const mapping: StoredMapping = {
    batchSize: 10,
    window: 0,
    reportsFailures: false,
    isEnabled: true,
    ...readOptions(input),
    account: found.account,
    region,
    id: randomUUID(),
    queue,
    functionName: found.name,
    modified: now,
    settledFrom: now + SETTLING_MS,
    change: 'Creating',
    lastResult: 'No records processed',
    tags: withFunctionTags({}, input.Tags),
  };
  checkMapping(mapping, found, context);
  putMapping(mapping, data);
  return shown(mapping, now);
}

export function getMapping(input: GetEventSourceMappingRequest, context: CallContext): EventSourceMappingConfiguration {
  return shown(ownMapping(input.UUID, context), context.now);
}

export function updateMapping(
  input: UpdateEventSourceMappingRequest,
  context: CallContext,
): EventSourceMappingConfiguration {
  const { now, data } = context;
  const before = ownMapping(input.UUID, context);
  checkSettled(before, now);
  const { concurrency: _concurrency, ...rest } = before;
  const kept = input.ScalingConfig === undefined ? before : rest;
  const found = ownFunction({ FunctionName: input.FunctionName ?? before.functionName }, context);
  const changed = { ...kept, ...readOptions(input), functionName: found.name };
  const change = changeOf(before, changed);
  const after = { ...changed, modified: now, settledFrom: now + SETTLING_MS, change };
  checkMapping(after, found, context);
  putMapping(after, data);
  return shown(after, now);
}

function changeOf(before: StoredMapping, after: Pick<StoredMapping, 'isEnabled'>): StoredMapping['change'] {
  if (before.isEnabled === after.isEnabled) return 'Updating';
  return after.isEnabled ? 'Enabling' : 'Disabling';
}

/** It is gone at once; AWS takes a while, in which it shows it as Deleting. */
export function deleteMapping(
  input: DeleteEventSourceMappingRequest,
  context: CallContext,
): EventSourceMappingConfiguration {
  const mapping = ownMapping(input.UUID, context);
  checkSettled(mapping, context.now);
  context.data.delete(mappings, mappingKey(mapping));
  return { ...shown(mapping, context.now), State: 'Deleting' };
}

export function listMappings(
  input: ListEventSourceMappingsRequest,
  context: CallContext,
): ListEventSourceMappingsResponse {
  const { EventSourceArn: queue, FunctionName: reference, MaxItems: most = PAGE } = input;
  if (!Number.isInteger(most) || most < 1 || most > MAX_ITEMS) {
    throw constraintViolation('maxItems', most, `Member must have value from 1 to ${MAX_ITEMS}`);
  }
  const name = reference === undefined ? undefined : parseFunctionName(reference, context).name;
  const found = rowsIn(mappings, context)
    .filter((mapping) => queue === undefined || mapping.queue === queue)
    .filter((mapping) => name === undefined || mapping.functionName === name);
  const page = { token: input.Marker, size: Math.min(most, PAGE) };
  const refuse = (): Error => invalidParameter('The Marker is not valid.');
  const { items, next } = pageOf(found, ({ id }) => id, page, refuse);
  return {
    EventSourceMappings: items.map((mapping) => shown(mapping, context.now)),
    ...(next !== undefined && { NextMarker: next }),
  };
}

/** @throws ResourceInUseException while it is created or changed. */
function checkSettled(mapping: StoredMapping, now: number): void {
  const state = stateOf(mapping, now);
  if (state === 'Enabled' || state === 'Disabled') return;
  throw serviceError(
    'ResourceInUseException',
    `Cannot update the event source mapping because it is in use: its state is ${state}.`,
    { fields: { Type: 'User' } },
  );
}

function stateOf({ settledFrom, change, isEnabled }: StoredMapping, now: number): string {
  if (now < settledFrom) return change;
  return isEnabled ? 'Enabled' : 'Disabled';
}

function shown(mapping: StoredMapping, now: number): EventSourceMappingConfiguration {
  const { account, region, functionName: name, concurrency } = mapping;
  return {
    UUID: mapping.id,
    EventSourceArn: mapping.queue,
    FunctionArn: functionArn({ account, region, name }),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.window,
    LastModified: new Date(mapping.modified),
    State: stateOf(mapping, now),
    StateTransitionReason: 'USER_INITIATED',
    LastProcessingResult: mapping.lastResult,
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    EventSourceMappingArn: mappingArn(mapping),
    ...(concurrency !== undefined && { ScalingConfig: { MaximumConcurrency: concurrency } }),
  };
}
