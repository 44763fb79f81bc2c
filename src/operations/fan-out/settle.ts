import pLimit from 'p-limit';
import type { Pair } from '../../fan-out/comparison.ts';
import { HEAD, keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import { destinationMark, isPlainEtag, MARKER, tellsOfCopy } from '../../fan-out/loop-marker.ts';
import type { OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { readRows } from '../../resources/fan-out/read-rows.ts';
import { readCopy, readHead } from '../../resources/fan-out/rows.ts';
import type { StoredCopy } from '../../resources/fan-out/rows.ts';
import { openObjectLook } from '../../resources/object-copy/open.ts';
import type { ObjectChecksum, SourceObject } from '../../resources/object-copy/source-object.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** Looks at once: each is mostly waited for. */
const AT_ONCE = 8;

/**
 * Of pairs that listings leave undecided, those that are equal: the ledger says that the one was copied to the other, or
 * the copy's marker does, or both have the same checksum. What nothing proves is not equal.
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
      return (await limit(() => isSeenEqual(session, target, pair))) ? pair : undefined;
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

/**
 * The ledger knows no copy: its rows have expired. The copy's own marker says of what it is one; where it says nothing, or
 * both ETags are of the octets alone and tell more, the source is looked at too.
 */
async function isSeenEqual(session: FanOutSession, { told }: FanOutTarget, { source, copy }: Pair): Promise<boolean> {
  const look = async (bucket: OwnedBucket, key: string): Promise<SourceObject | undefined> => {
    const { from, owner } = session.asker(bucket);
    return (await openObjectLook(session.aws, from))({ bucket: bucket.bucket, account: owner, key });
  };
  const theirs = await look(told.destination, copy.key);
  if (!theirs) return false;
  const { bucket, prefix } = told.destination;
  const etag = source.etag.toLowerCase();
  const isMarked = tellsOfCopy(theirs.metadata[MARKER], {
    destination: destinationMark(bucket, prefix),
    key: copy.key,
    etag,
  });
  const mayTell = isPlainEtag(copy.etag, theirs.encryption) && isPlainEtag(etag);
  if (isMarked && !mayTell) return true;
  const ours = await look(told.source, source.key);
  if (!ours) return false;
  // They differ, or the listings had told it.
  if (mayTell && isPlainEtag(etag, ours.encryption)) return false;
  return isMarked || haveSameChecksum(ours.checksum, theirs.checksum);
}

function haveSameChecksum(one: ObjectChecksum | undefined, other: ObjectChecksum | undefined): boolean {
  return one !== undefined && other !== undefined && isSame(one, other);
}

function isSame(one: ObjectChecksum, other: ObjectChecksum): boolean {
  return one.algorithm === other.algorithm && one.type === other.type && one.value === other.value;
}
