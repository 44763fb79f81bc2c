import type { CallContext } from './service.ts';
import { firstNotBefore } from './store/database.ts';
import type { Table } from './store/database.ts';

/** The key of what belongs to the caller's account and the request's region. */
export function rowKey(name: string, { caller, region }: Pick<CallContext, 'caller' | 'region'>): string {
  return rowKeyIn(name, { account: caller.account, region });
}

/** Keys of one account and region follow each other in the order of the names; a blank stands in neither. */
export function rowKeyIn(
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
): string {
  return `${account} ${region} ${name}`;
}

/** The rows of the caller's account and the request's region in the order of their names, as they were before this call. */
export function rowsIn<Row>(rows: Table<Row>, context: Pick<CallContext, 'caller' | 'region' | 'data'>): Row[] {
  const keys = context.data.keys(rows);
  const prefix = rowKey('', context);
  const found: Row[] = [];
  for (let index = firstNotBefore(keys, prefix); keys[index]?.startsWith(prefix) === true; index += 1) {
    const row = context.data.get(rows, keys[index] ?? '');
    if (row !== undefined) found.push(row);
  }
  return found;
}
