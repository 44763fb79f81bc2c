import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { LedgerTable } from './row-update.ts';
import { text } from './rows.ts';
import type { Item } from './rows.ts';

/**
 * Rows of one partition, read consistently: a request for each MB.
 *
 * @param beginning of their sort keys
 */
export async function queryRows(
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  pk: string,
  beginning = '',
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: beginning === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :beginning)',
        ExpressionAttributeValues: { ':pk': text(pk), ...(beginning !== '' && { ':beginning': text(beginning) }) },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
