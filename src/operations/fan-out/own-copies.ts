import pLimit from 'p-limit';
import { documentAddress } from '../../engine/address.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { destinationMark, documentMark, isMarkedBy, MARKER } from '../../fan-out/loop-marker.ts';
import type { StoredCopy } from '../../resources/fan-out/rows.ts';
import { copyRows, lookAt, LOOKS_AT_ONCE } from './copy-looks.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/**
 * Of what lies at a destination, those that this fan-out has put there: the ledger says so of just this content, or the
 * object's own marker does, since rows expire.
 */
export async function ownAmong(
  session: FanOutSession,
  target: FanOutTarget,
  copies: readonly ListedObject[],
): Promise<ReadonlySet<ListedObject>> {
  const rows = await copyRows(
    session,
    target,
    copies.map(({ key }) => key),
  );
  const limit = pLimit(LOOKS_AT_ONCE);
  const judged = await Promise.all(
    copies.map(async (copy, index) => {
      if (isToldBy(rows[index], copy)) return copy;
      return (await limit(() => isMarked(session, target, copy))) ? copy : undefined;
    }),
  );
  return new Set(judged.filter((copy) => copy !== undefined));
}

function isToldBy(row: StoredCopy | undefined, { size, etag }: ListedObject): boolean {
  return row?.state === 'done' && !row.isDeleted && row.size === size && row.copyEtag === etag.toLowerCase();
}

async function isMarked(session: FanOutSession, { told }: FanOutTarget, { key }: ListedObject): Promise<boolean> {
  const { bucket, prefix } = told.destination;
  const { kind, name, formerly } = session.document;
  const found = await lookAt(session, told.destination, key);
  return isMarkedBy(found?.metadata[MARKER], {
    documents: [name, ...formerly].map((one) => documentMark(told.owner, documentAddress({ kind, name: one }))),
    destination: destinationMark(bucket, prefix),
    key,
  });
}
