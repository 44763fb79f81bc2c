import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../../aws/errors.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import type { LedgerTable } from './row-update.ts';
import { text } from './rows.ts';
import type { Item } from './rows.ts';

/** BatchGetItem takes no more keys. */
export const MOST_ROWS = 100;

/**
 * Rows of a ledger by their keys, in their order; undefined: absent. A request for each hundred, and more where DynamoDB
 * leaves some out. A table that does not exist has none.
 */
export async function readRows(
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  keys: readonly LedgerKey[],
): Promise<readonly (Item | undefined)[]> {
  const found = new Map<string, Item>();
  // A key that is asked for twice in one request is refused.
  let left = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  while (left.length > 0) {
    const asked = left.slice(0, MOST_ROWS).map(({ pk, sk }) => ({ pk: text(pk), sk: text(sk) }));
    const request = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: asked, ConsistentRead: true } } });
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(request).catch(emptyWhereAbsent);
    for (const item of Responses[table] ?? []) found.set(nameOf(keyIn(item)), item);
    const unprocessed = (UnprocessedKeys[table]?.Keys ?? []).map(keyIn);
    left = [...unprocessed, ...left.slice(MOST_ROWS)];
  }
  return keys.map((key) => found.get(nameOf(key)));
}

function nameOf({ pk, sk }: LedgerKey): string {
  return JSON.stringify([pk, sk]);
}

function keyIn(item: Item): LedgerKey {
  return { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' };
}

function emptyWhereAbsent(error: unknown): Partial<BatchGetItemCommandOutput> {
  if (isAwsError(error, 'ResourceNotFoundException')) return {};
  throw error;
}
