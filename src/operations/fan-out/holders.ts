import { HEAD, keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { readRows } from '../../resources/fan-out/read-rows.ts';
import { readHead } from '../../resources/fan-out/rows.ts';
import { lookAt } from './copy-looks.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/**
 * Which keys of the source have these places at a destination, by the ledger's heads, in their order; undefined: it knows
 * of none. The first to come has a place, and functions copy no other key there.
 */
export async function holdersOf(
  { ledger }: Pick<FanOutSession, 'ledger'>,
  { told }: Pick<FanOutTarget, 'told'>,
  destinationKeys: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const rows = await readRows(
    ledger,
    destinationKeys.map((key) => ({ pk: ledgerPartition(told.destination.bucket, keyHash(key)), sk: HEAD })),
  );
  return rows.map((row) => row && readHead(row).sourceKey);
}

/** A copy as a listing would tell of it, by a look. */
export async function lookListed(
  session: FanOutSession,
  { told }: FanOutTarget,
  key: string,
): Promise<ListedObject | undefined> {
  const found = await lookAt(session, told.destination, key);
  return found && { key, size: found.size, etag: found.etag };
}
