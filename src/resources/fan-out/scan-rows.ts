import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { HEAD, isCopySortKey } from '../../fan-out/ledger-keys.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import type { Head } from '../../fan-out/ledger.ts';
import { queryRows } from './query-rows.ts';
import type { LedgerTable } from './row-update.ts';
import { readCopy, readHead, text } from './rows.ts';
import type { Item, StoredCopy } from './rows.ts';

type Rows = Pick<LedgerTable, 'client' | 'table'>;

/** A copy's row, with the partition that it is in. */
export interface LocatedCopy {
  readonly pk: string;
  readonly copy: StoredCopy;
}

/**
 * Rows of copies of a ledger's table, page by page, each one request of up to 1 MB of rows, in no order; `scanned` counts
 * rows of all sorts.
 */
export async function* scanCopies({
  client,
  table,
}: Rows): AsyncGenerator<{ readonly copies: readonly LocatedCopy[]; readonly scanned: number }> {
  let start: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    const copies = (page.Items ?? []).flatMap((item): readonly LocatedCopy[] => {
      const { pk, sk } = item;
      return pk?.S !== undefined && isCopySortKey(sk?.S ?? '') ? [{ pk: pk.S, copy: readCopy(item) }] : [];
    });
    yield { copies, scanned: page.ScannedCount ?? 0 };
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** All that a ledger knows of one key of a destination. */
export interface KeyRows {
  readonly head: Head | undefined;
  readonly copies: readonly StoredCopy[];
  /** Sort keys of all of them. */
  readonly sortKeys: readonly string[];
}

/** Reads consistently. */
export async function readKeyRows(rows: Rows, pk: string): Promise<KeyRows> {
  const items = await queryRows(rows, pk);
  const head = items.find((item) => item['sk']?.S === HEAD);
  return {
    head: head && readHead(head),
    copies: items.filter((item) => isCopySortKey(item['sk']?.S ?? '')).map(readCopy),
    sortKeys: items.flatMap((item) => item['sk']?.S ?? []),
  };
}

/** Deletes one row, if it is there. */
export async function deleteRow({ client, table }: Rows, { pk, sk }: LedgerKey): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: text(pk), sk: text(sk) } }));
}
