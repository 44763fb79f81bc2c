import pLimit from 'p-limit';
import type { Pair } from '../../fan-out/comparison.ts';
import { destinationMark, isPlainEtag, MARKER, tellsOfCopy } from '../../fan-out/loop-marker.ts';
import type { StoredCopy } from '../../resources/fan-out/rows.ts';
import type { ObjectChecksum } from '../../resources/object-copy/source-object.ts';
import { copyRows, lookAt, LOOKS_AT_ONCE } from './copy-looks.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

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
  const rows = await copyRows(
    session,
    target,
    pairs.map(({ copy }) => copy.key),
  );
  const limit = pLimit(LOOKS_AT_ONCE);
  const judged = await Promise.all(
    pairs.map(async (pair, index) => {
      if (isToldBy(rows[index], pair)) return pair;
      return (await limit(() => isSeenEqual(session, target, pair))) ? pair : undefined;
    }),
  );
  return new Set(judged.filter((pair) => pair !== undefined));
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
  const theirs = await lookAt(session, told.destination, copy.key);
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
  const ours = await lookAt(session, told.source, source.key);
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
