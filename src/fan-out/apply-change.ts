import { applyUnordered } from './apply-look.ts';
import { bring } from './bring.ts';
import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import { conclude, telling } from './conclude.ts';
import type { Outcome } from './conclude.ts';
import type { CopyRow, Head, Named } from './ledger.ts';
import { copySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import type { ObjectChange } from './object-change.ts';

/**
 * Brings what one event tells of to the destination (docs/kinds/bucket-fan-out.md, "Order"). It may be called again and
 * again, in any order, and end anywhere: what was begun is told by its row, and the highest sequencer stands.
 *
 * @throws what ledger and buckets throw: then it is to be tried again
 */
export async function applyChange<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  change: ObjectChange,
  destinationKey: string,
): Promise<Outcome> {
  const { kind, key, sequencer, at, versionId, etag, size } = change;
  const isDeleted = kind !== 'created';
  return applyNamed(world, partitionOf(world, destinationKey), {
    sourceKey: key,
    destinationKey,
    sequencer,
    at,
    isDeleted,
    ...(versionId !== undefined && !isDeleted && { versionId }),
    ...(etag !== undefined && { etag }),
    ...(size !== undefined && { size }),
    sk: copySortKey({ sequencer }),
    nonce: world.nonce(),
  });
}

/** Goes on with what a row tells of: another invocation began it, and had claimed the head for it. */
export async function resume<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  sk: string,
): Promise<Outcome> {
  const { ledger } = world;
  const told = await ledger.row({ pk, sk });
  if (!told) return { is: 'duplicate' };
  const attempt = world.nonce();
  return telling(world, { pk, sk }, attempt, async () => {
    const row = await ledger.begin(pk, told, attempt);
    if (row && isOver(row)) return { is: 'duplicate' };
    const head = await ledger.head(pk);
    if (!head) throw new Error('the head of a key is gone from the ledger while it was copied');
    return head.sk === sk
      ? conclude(ledger, pk, told, attempt, await bring(world, pk, head, true))
      : giveWay(world, pk, told, attempt, head);
  });
}

async function applyNamed<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  event: Named,
): Promise<Outcome> {
  const { ledger } = world;
  const attempt = world.nonce();
  return telling(world, { pk, sk: event.sk }, attempt, async () => {
    const earlier = await ledger.begin(pk, event, attempt);
    if (earlier && isOver(earlier)) return { is: 'duplicate' };
    // What an earlier attempt wrote into its row holds: its copy may carry that nonce already.
    const named = earlier ?? event;
    const claim = await ledger.claim(pk, named);
    switch (claim.is) {
      case 'claimed':
        return conclude(ledger, pk, named, attempt, await bring(world, pk, claim.head, earlier !== undefined));
      case 'superseded':
        return earlier
          ? giveWay(world, pk, earlier, attempt, claim.head)
          : conclude(ledger, pk, named, attempt, { is: 'moved' });
      case 'unordered':
        return applyUnordered(world, pk, { named, attempt, earlier });
      case 'moved':
        throw new Error('a claim without a turn cannot have moved');
    }
  });
}

/** An attempt that is open may be dead, and have landed behind whoever finished the row. */
function isOver({ state, openAttempts }: CopyRow): boolean {
  return state !== 'copying' && openAttempts === 0;
}

/** Something newer has the head: what an earlier attempt of this row may have landed is put right. */
async function giveWay<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  row: CopyRow,
  attempt: string,
  head: Head,
): Promise<Outcome> {
  if (row.hasUpload) await world.buckets.abandon(row, { pk, sk: row.sk });
  return conclude(world.ledger, pk, row, attempt, await bring(world, pk, head, true));
}

function partitionOf<Source extends SourceObject>({ destinationBucket }: FanOutWorld<Source>, key: string): string {
  return ledgerPartition(destinationBucket, keyHash(key));
}
