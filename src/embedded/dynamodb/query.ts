import type { QueryInput, QueryOutput, ScanInput, ScanOutput } from '@aws-sdk/client-dynamodb';
import type { CallContext } from '../service.ts';
import { firstNotBefore } from '../store/database.ts';
import { refuseBeyond } from './beyond.ts';
import { orderOf } from './compare.ts';
import { validation } from './errors.ts';
import { readExpressions } from './expressions.ts';
import { holds } from './expression/evaluate.ts';
import { parseCondition } from './expression/parse-condition.ts';
import { parseProjection } from './expression/parse-projection.ts';
import { keyOf, partitionPrefix } from './item-key.ts';
import { keyConditionOf, namesIn } from './key-condition.ts';
import type { KeyCondition } from './key-condition.ts';
import { findItem } from './live-items.ts';
import { checkTableName, itemsOf, tableOfItems } from './model.ts';
import type { StoredTable } from './model.ts';
import { checkPage, takePage } from './pages.ts';
import { attribute, readItem } from './value.ts';
import type { Item } from './value.ts';

const FIELDS = [
  'ConsistentRead',
  'ExclusiveStartKey',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'FilterExpression',
  'Limit',
  'ProjectionExpression',
  'Select',
  'TableName',
] as const;

/** The items of one partition in the order of the sort key. */
export function query(input: QueryInput, context: CallContext): QueryOutput {
  refuseBeyond('Query', input, [...FIELDS, 'KeyConditionExpression', 'ScanIndexForward']);
  checkTableName(input.TableName, context);
  if (input.KeyConditionExpression === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const parsed = readExpressions(input, {
    KeyConditionExpression: parseCondition,
    FilterExpression: parseCondition,
    ProjectionExpression: parseProjection,
  });
  const { KeyConditionExpression: ofKey, FilterExpression: filter, ProjectionExpression: projection } = parsed;
  const table = tableOfItems(input.TableName, context);
  const page = { limit: input.Limit, select: input.Select, filter, projection };
  checkPage(page);
  if (ofKey === undefined) throw validation('Query key condition not supported');
  const condition = keyConditionOf(ofKey, table);
  const onKey = table.key.find(({ name }) => filter !== undefined && namesIn(filter).includes(name));
  if (onKey !== undefined) {
    throw validation(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${onKey.name}`,
    );
  }
  const direction = input.ScanIndexForward === false ? -1 : 1;
  const items = itemsIn(table, condition, context).sort((left, right) => direction * compare(table, left, right));
  const { ExclusiveStartKey: start } = input;
  if (start === undefined) return takePage(table, items, page);
  const after = readItem(start);
  checkStart(table, after, condition);
  return takePage(
    table,
    items.filter((item) => direction * compare(table, item, after) > 0),
    page,
  );
}

function itemsIn(table: StoredTable, { partition, sort }: KeyCondition, { data, now }: CallContext): Item[] {
  return data.keysWith(itemsOf(table), partitionPrefix(partition)).flatMap((row) => {
    const item = findItem(table, row, data, now);
    return item !== undefined && (sort === undefined || holds(sort, item)) ? [item] : [];
  });
}

/** By the sort key; without one a partition has one item. */
function compare({ key }: StoredTable, left: Item, right: Item): number {
  const name = key[1]?.name;
  const [one, other] = name === undefined ? [] : [attribute(left, name), attribute(right, name)];
  return one === undefined || other === undefined ? 0 : (orderOf(one, other) ?? 0);
}

function checkStart(table: StoredTable, start: Item, { partition }: KeyCondition): void {
  const row = startRow(table, start);
  if (!row.startsWith(partitionPrefix(partition))) {
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
}

function startRow(table: StoredTable, start: Item): string {
  try {
    return keyOf(table, start);
  } catch {
    throw validation('The provided starting key is invalid: The provided key element does not match the schema');
  }
}

/** All items, in an order that says nothing; what is written meanwhile may be missed. */
export function scan(input: ScanInput, context: CallContext): ScanOutput {
  refuseBeyond('Scan', input, FIELDS);
  checkTableName(input.TableName, context);
  const parsed = readExpressions(input, { FilterExpression: parseCondition, ProjectionExpression: parseProjection });
  const { FilterExpression: filter, ProjectionExpression: projection } = parsed;
  const table = tableOfItems(input.TableName, context);
  const page = { limit: input.Limit, select: input.Select, filter, projection };
  checkPage(page);
  const start = input.ExclusiveStartKey === undefined ? undefined : startRow(table, readItem(input.ExclusiveStartKey));
  return takePage(table, itemsAfter(table, start, context), page);
}

function* itemsAfter(table: StoredTable, start: string | undefined, { data, now }: CallContext): Generator<Item> {
  const rows = data.keys(itemsOf(table));
  for (let index = start === undefined ? 0 : firstNotBefore(rows, start); index < rows.length; index += 1) {
    const row = rows[index] ?? '';
    const item = row === start ? undefined : findItem(table, row, data, now);
    if (item !== undefined) yield item;
  }
}
