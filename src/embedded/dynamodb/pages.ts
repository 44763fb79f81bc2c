import type { AttributeValue, Select } from '@aws-sdk/client-dynamodb';
import { constraint, validation } from './errors.ts';
import type { Condition } from './expression/condition.ts';
import { holds } from './expression/evaluate.ts';
import { project } from './expression/path.ts';
import type { PathTree } from './expression/path.ts';
import type { StoredTable } from './model.ts';
import { itemSize } from './size.ts';
import { attribute, showItem } from './value.ts';
import type { Item } from './value.ts';

/** "A single Query operation can retrieve a maximum of 1 MB of data", before the filter; so for Scan. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** What becomes of the items that a query or a scan reads. */
export interface PageRequest {
  readonly limit: number | undefined;
  readonly select: Select | undefined;
  readonly filter: Condition | undefined;
  readonly projection: PathTree<unknown> | undefined;
}

interface ItemsPage {
  readonly Items?: Record<string, AttributeValue>[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Record<string, AttributeValue>;
}

/** @throws ValidationException */
export function checkPage({ limit, select, projection }: PageRequest): void {
  if (limit !== undefined && limit < 1) throw constraint('limit', limit, 'have value greater than or equal to 1');
  if (select === 'ALL_PROJECTED_ATTRIBUTES') {
    throw validation('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && projection === undefined) {
    throw validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (projection !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
}

/** Takes items until one of the limits is reached; the key of the last one is where the next page begins. */
export function takePage(table: StoredTable, items: Iterable<Item>, request: PageRequest): ItemsPage {
  const { limit = Number.POSITIVE_INFINITY, filter, projection, select } = request;
  const shown: Record<string, AttributeValue>[] = [];
  let [scanned, count, size] = [0, 0, 0];
  let last: Item | undefined;
  for (const item of items) {
    scanned += 1;
    size += itemSize(item);
    if (filter === undefined || holds(filter, item)) {
      count += 1;
      if (select !== 'COUNT') shown.push(showItem(projection === undefined ? item : project(item, projection)));
    }
    if (scanned >= limit || size >= MAX_PAGE_BYTES) {
      last = item;
      break;
    }
  }
  return {
    ...(select !== 'COUNT' && { Items: shown }),
    Count: count,
    ScannedCount: scanned,
    ...(last !== undefined && { LastEvaluatedKey: showItem(keyIn(table, last)) }),
  };
}

/** The primary key of an item. */
function keyIn({ key }: StoredTable, item: Item): Item {
  return Object.fromEntries(
    key.flatMap(({ name }) => {
      const value = attribute(item, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
