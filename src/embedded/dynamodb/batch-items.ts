import type {
  AttributeValue,
  BatchGetItemInput,
  BatchGetItemOutput,
  BatchWriteItemInput,
  BatchWriteItemOutput,
  KeysAndAttributes,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { CallContext } from '../service.ts';
import { refuseBeyond } from './beyond.ts';
import { constraint, validation } from './errors.ts';
import { readExpressions } from './expressions.ts';
import { parseProjection } from './expression/parse-projection.ts';
import { project } from './expression/path.ts';
import { MAX_ITEM_BYTES, keyOf, keyOfItem } from './item-key.ts';
import { findItem } from './live-items.ts';
import { checkTableName, itemsOf, tableOfItems } from './model.ts';
import { itemSize } from './size.ts';
import { readItem, showItem } from './value.ts';

/** BatchGetItem: "up to 16 MB of data, which can contain as many as 100 items"; BatchWriteItem: 25 requests, 16 MB. */
const MAX_GETS = 100;
const MAX_WRITES = 25;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

type Attributes = Record<string, AttributeValue>;

/** What does not fit into 16 MB comes back as unprocessed. */
export function batchGetItem(input: BatchGetItemInput, context: CallContext): BatchGetItemOutput {
  refuseBeyond('BatchGetItem', input, ['RequestItems']);
  const requests = Object.entries(input.RequestItems ?? {});
  checkCount(sumOf(requests.map(([, { Keys }]) => Keys?.length ?? 0)), MAX_GETS, 'BatchGetItem');
  const responses: Record<string, Attributes[]> = {};
  const unprocessed: Record<string, KeysAndAttributes> = {};
  let size = 0;
  for (const [reference, request] of requests) {
    refuseBeyond('BatchGetItem', request, [
      'ConsistentRead',
      'ExpressionAttributeNames',
      'Keys',
      'ProjectionExpression',
    ]);
    checkTableName(reference, context);
    const table = tableOfItems(reference, context);
    const { ProjectionExpression: projection } = readExpressions(request, { ProjectionExpression: parseProjection });
    const keys = request.Keys ?? [];
    const rows = keys.map((key) => keyOf(table, readItem(key)));
    checkDistinct(rows, 'Provided list of item keys contains duplicates');
    const found: Attributes[] = [];
    const left: Attributes[] = [];
    for (const [index, row] of rows.entries()) {
      const item = findItem(table, row, context.data, context.now);
      if (item === undefined) continue;
      size += itemSize(item);
      if (size > MAX_BATCH_BYTES) left.push(keys[index] ?? {});
      else found.push(showItem(projection === undefined ? item : project(item, projection)));
    }
    responses[reference] = found;
    if (left.length > 0) unprocessed[reference] = { ...request, Keys: left };
  }
  return { Responses: responses, UnprocessedKeys: unprocessed };
}

/** Each write by itself and without conditions; none is left unprocessed. */
export function batchWriteItem(input: BatchWriteItemInput, context: CallContext): BatchWriteItemOutput {
  refuseBeyond('BatchWriteItem', input, ['RequestItems']);
  const requests = Object.entries(input.RequestItems ?? {});
  checkCount(sumOf(requests.map(([, writes]) => writes.length)), MAX_WRITES, 'BatchWriteItem');
  for (const [reference, writes] of requests) writeAll(reference, writes, context);
  return { UnprocessedItems: {} };
}

function writeAll(reference: string, writes: readonly WriteRequest[], context: CallContext): void {
  checkTableName(reference, context);
  const table = tableOfItems(reference, context);
  const changes = writes.map(({ PutRequest: put, DeleteRequest: remove }) => {
    if ((put === undefined) === (remove === undefined)) {
      throw validation(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    if (put === undefined) return { row: keyOf(table, readItem(remove?.Key)), item: undefined };
    const item = readItem(put.Item);
    if (itemSize(item) > MAX_ITEM_BYTES) throw validation('Item size has exceeded the maximum allowed size');
    return { row: keyOfItem(table, item), item };
  });
  checkDistinct(
    changes.map(({ row }) => row),
    'Provided list of item keys contains duplicates',
  );
  const items = itemsOf(table);
  for (const { row, item } of changes) {
    if (item !== undefined) context.data.put(items, row, item);
    else if (context.data.get(items, row) !== undefined) context.data.delete(items, row);
  }
}

function checkCount(count: number, most: number, command: string): void {
  if (count === 0) throw constraint('requestItems', '{}', 'have length greater than or equal to 1');
  if (count > most) throw validation(`Too many items requested for the ${command} call`);
}

function checkDistinct(rows: readonly string[], message: string): void {
  if (new Set(rows).size < rows.length) throw validation(message);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
