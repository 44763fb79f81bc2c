import pLimit from 'p-limit';
import type { Pair } from '../../fan-out/comparison.ts';
import { HEAD, keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import type { OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { readRows } from '../../resources/fan-out/read-rows.ts';
import { readCopy, readHead } from '../../resources/fan-out/rows.ts';
import type { StoredCopy } from '../../resources/fan-out/rows.ts';
import { openObjectLook } from '../../resources/object-copy/open.ts';
import type { ObjectChecksum } from '../../resources/object-copy/source-object.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** Looks at once: each is mostly waited for. */
const AT_ONCE = 8;

/**
 * Of pairs that listings leave undecided, those that are equal: the ledger says that the one was copied to the other, or
 * both have the same checksum. What nothing proves is not equal.
 */
export async function equalAmong(
  session: FanOutSession,
  target: FanOutTarget,
  pairs: readonly Pair[],
): Promise<ReadonlySet<Pair>> {
  if (pairs.length === 0) return new Set();
  const rows = await copiesOf(session, target, pairs);
  const limit = pLimit(AT_ONCE);
  const judged = await Promise.all(
    pairs.map(async (pair, index) => {
      if (isToldBy(rows[index], pair)) return pair;
      return (await limit(() => haveSameChecksum(session, target, pair))) ? pair : undefined;
    }),
  );
  return new Set(judged.filter((pair) => pair !== undefined));
}

/** The rows that the heads name. */
async function copiesOf(
  { ledger }: FanOutSession,
  { told }: FanOutTarget,
  pairs: readonly Pair[],
): Promise<readonly (StoredCopy | undefined)[]> {
  const keys = pairs.map(({ copy }) => ledgerPartition(told.destination.bucket, keyHash(copy.key)));
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

function isToldBy(row: StoredCopy | undefined, { source, copy }: Pair): boolean {
  if (row?.state !== 'done' || row.isDeleted || row.sourceKey !== source.key) return false;
  return row.size === source.size && row.etag === source.etag.toLowerCase() && row.copyEtag === copy.etag.toLowerCase();
}

async function haveSameChecksum(
  session: FanOutSession,
  { told }: FanOutTarget,
  { source, copy }: Pair,
): Promise<boolean> {
  const look = async (bucket: OwnedBucket, key: string): Promise<ObjectChecksum | undefined> => {
    const { from, owner } = session.asker(bucket);
    const head = await openObjectLook(session.aws, from);
    return (await head({ bucket: bucket.bucket, account: owner, key }))?.checksum;
  };
  const [ours, theirs] = await Promise.all([look(told.source, source.key), look(told.destination, copy.key)]);
  return ours !== undefined && theirs !== undefined && isSame(ours, theirs);
}

function isSame(one: ObjectChecksum, other: ObjectChecksum): boolean {
  return one.algorithm === other.algorithm && one.type === other.type && one.value === other.value;
}
