import { HEAD, keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import type { OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { readRows } from '../../resources/fan-out/read-rows.ts';
import { readCopy, readHead } from '../../resources/fan-out/rows.ts';
import type { StoredCopy } from '../../resources/fan-out/rows.ts';
import { openObjectLook } from '../../resources/object-copy/open.ts';
import type { SourceObject } from '../../resources/object-copy/source-object.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** Looks at once: each is mostly waited for. */
export const LOOKS_AT_ONCE = 8;

/** The rows that the heads of these keys of a destination name, in their order; undefined: the ledger knows none. */
export async function copyRows(
  { ledger }: FanOutSession,
  { told }: FanOutTarget,
  destinationKeys: readonly string[],
): Promise<readonly (StoredCopy | undefined)[]> {
  const keys = destinationKeys.map((key) => ledgerPartition(told.destination.bucket, keyHash(key)));
  const heads = await readRows(
    ledger,
    keys.map((pk) => ({ pk, sk: HEAD })),
  );
  const named = heads.map((item, index) => (item ? { pk: keys[index] ?? '', sk: readHead(item).sk } : undefined));
  const known = named.filter((key) => key !== undefined);
  const rows = new Map((await readRows(ledger, known)).map((item, index) => [known[index], item]));
  return named.map((key) => {
    const item = key && rows.get(key);
    return item && readCopy(item);
  });
}

/** HEAD, by whoever looks at that bucket. @returns undefined: there is no such object */
export async function lookAt(
  { aws, asker }: FanOutSession,
  bucket: OwnedBucket,
  key: string,
): Promise<SourceObject | undefined> {
  const { from, owner } = asker(bucket);
  return (await openObjectLook(aws, from))({ bucket: bucket.bucket, account: owner, key });
}
