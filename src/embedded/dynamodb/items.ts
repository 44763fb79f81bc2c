import type {
  AttributeValue,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  ReturnValue,
  ReturnValuesOnConditionCheckFailure,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { refuseBeyond } from './beyond.ts';
import { constraint, inEnvelope, invalidValues, validation } from './errors.ts';
import { readExpressions } from './expressions.ts';
import { applyUpdate } from './expression/apply-update.ts';
import type { Condition } from './expression/condition.ts';
import { holds } from './expression/evaluate.ts';
import { parseCondition } from './expression/parse-condition.ts';
import { parseProjection } from './expression/parse-projection.ts';
import { parseUpdate } from './expression/parse-update.ts';
import type { Update } from './expression/parse-update.ts';
import { project } from './expression/path.ts';
import { MAX_ITEM_BYTES, keyOf, keyOfItem, readKey } from './item-key.ts';
import { findItem } from './live-items.ts';
import { checkTableName, itemsOf, tableOfItems } from './model.ts';
import type { StoredTable } from './model.ts';
import { itemSize } from './size.ts';
import { readItem, showItem } from './value.ts';
import type { Item } from './value.ts';

const WRITE_FIELDS = [
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'TableName',
] as const;

export function getItem(input: GetItemInput, context: CallContext): GetItemOutput {
  const known = ['ConsistentRead', 'ExpressionAttributeNames', 'Key', 'ProjectionExpression', 'TableName'] as const;
  refuseBeyond('GetItem', input, known);
  checkTableName(input.TableName, context);
  const wanted = readKey(input.Key);
  const { ProjectionExpression: projection } = readExpressions(input, { ProjectionExpression: parseProjection });
  const table = tableOfItems(input.TableName, context);
  const item = findItem(table, keyOf(table, wanted), context.data, context.now);
  if (item === undefined) return {};
  return { Item: showItem(projection === undefined ? item : project(item, projection)) };
}

export function putItem(input: PutItemInput, context: CallContext): PutItemOutput {
  refuseBeyond('PutItem', input, [...WRITE_FIELDS, 'Item']);
  checkTableName(input.TableName, context);
  checkOldOnly(input.ReturnValues);
  const { item, condition } = inEnvelope(() => {
    if (input.Item === undefined) throw constraint('item', undefined, 'not be null');
    const { ConditionExpression } = readExpressions(input, { ConditionExpression: parseCondition });
    return { item: readItem(input.Item), condition: ConditionExpression };
  });
  const table = tableOfItems(input.TableName, context);
  const row = keyOfItem(table, item);
  if (itemSize(item) > MAX_ITEM_BYTES) throw validation('Item size has exceeded the maximum allowed size');
  const before = findItem(table, row, context.data, context.now);
  checkCondition(condition, before, input.ReturnValuesOnConditionCheckFailure);
  context.data.put(itemsOf(table), row, item);
  return oldItem(input.ReturnValues, before);
}

export function deleteItem(input: DeleteItemInput, context: CallContext): DeleteItemOutput {
  refuseBeyond('DeleteItem', input, [...WRITE_FIELDS, 'Key']);
  checkTableName(input.TableName, context);
  checkOldOnly(input.ReturnValues);
  const { key, condition } = inEnvelope(() => {
    const { ConditionExpression } = readExpressions(input, { ConditionExpression: parseCondition });
    return { key: readKey(input.Key), condition: ConditionExpression };
  });
  const table = tableOfItems(input.TableName, context);
  const row = keyOf(table, key);
  const before = findItem(table, row, context.data, context.now);
  checkCondition(condition, before, input.ReturnValuesOnConditionCheckFailure);
  if (before !== undefined) context.data.delete(itemsOf(table), row);
  return oldItem(input.ReturnValues, before);
}

export function updateItem(input: UpdateItemInput, context: CallContext): UpdateItemOutput {
  refuseBeyond('UpdateItem', input, [...WRITE_FIELDS, 'Key', 'UpdateExpression']);
  checkTableName(input.TableName, context);
  const { key, condition, update } = inEnvelope(() => {
    const parsers = { UpdateExpression: parseUpdate, ConditionExpression: parseCondition };
    const { UpdateExpression, ConditionExpression } = readExpressions(input, parsers);
    return { key: readKey(input.Key), condition: ConditionExpression, update: UpdateExpression };
  });
  const table = tableOfItems(input.TableName, context);
  const row = keyOf(table, key);
  checkKeyStays(table, update);
  const before = findItem(table, row, context.data, context.now);
  checkCondition(condition, before, input.ReturnValuesOnConditionCheckFailure);
  const from = before ?? key;
  const after = update === undefined ? from : applyUpdate(from, update);
  if (itemSize(after) > MAX_ITEM_BYTES) throw validation('Item size to update has exceeded the maximum allowed size');
  context.data.put(itemsOf(table), row, after);
  const shown = shownAfterUpdate(input.ReturnValues, { before, after, update });
  return shown === undefined ? {} : { Attributes: showItem(shown) };
}

/** @throws ConditionalCheckFailedException */
function checkCondition(
  condition: Condition | undefined,
  before: Item | undefined,
  wanted: ReturnValuesOnConditionCheckFailure | undefined,
): void {
  if (condition === undefined || holds(condition, before ?? {})) return;
  const fields = wanted === 'ALL_OLD' && before !== undefined ? { Item: showItem(before) } : {};
  throw serviceError('ConditionalCheckFailedException', 'The conditional request failed', { fields });
}

function checkKeyStays({ key }: StoredTable, update: Update | undefined): void {
  if (update === undefined || 'said' in update) return;
  const part = key.find(({ name }) => update.steps.has(name));
  if (part === undefined) return;
  throw invalidValues(`Cannot update attribute ${part.name}. This attribute is part of the key`);
}

/** PutItem and DeleteItem know two of the values. */
function checkOldOnly(wanted: ReturnValue | undefined): void {
  if (wanted === undefined || wanted === 'NONE' || wanted === 'ALL_OLD') return;
  throw validation('ReturnValues can only be ALL_OLD or NONE');
}

function oldItem(
  wanted: ReturnValue | undefined,
  before: Item | undefined,
): { readonly Attributes?: Record<string, AttributeValue> } {
  return wanted === 'ALL_OLD' && before !== undefined ? { Attributes: showItem(before) } : {};
}

interface Updated {
  readonly before: Item | undefined;
  readonly after: Item;
  readonly update: Update | undefined;
}

function shownAfterUpdate(wanted: ReturnValue = 'NONE', { before, after, update }: Updated): Item | undefined {
  switch (wanted) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return changedPart(before, update);
    case 'UPDATED_NEW':
      return changedPart(after, update);
    default:
      throw constraint(
        'returnValues',
        wanted,
        'satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
      );
  }
}

/** Undefined: nothing to show. */
function changedPart(item: Item | undefined, update: Update | undefined): Item | undefined {
  if (item === undefined || update === undefined) return undefined;
  const part = project(item, update);
  return Object.keys(part).length === 0 ? undefined : part;
}
