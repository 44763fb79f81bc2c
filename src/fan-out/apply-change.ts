import { bring } from './bring.ts';
import type { Brought, FanOutWorld } from './bring.ts';
import type { Barred, SourceObject } from './buckets.ts';
import type { CopyRow, Head, Named } from './ledger.ts';
import { copySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import type { LedgerKey } from './ledger-keys.ts';
import type { ObjectChange } from './object-change.ts';

/** What became of one record or item. */
export type Outcome =
  | {
      readonly is: 'copied';
      readonly isUnmarked: boolean;
      /** Some metadata is lost. */
      readonly isIncomplete?: true;
      readonly size: number;
      /** When the object came to be at the source, in milliseconds since the epoch. */
      readonly at: number;
    }
  | { readonly is: 'collision'; readonly with: string }
  /**
   * `deleted`: at the destination too. `superseded`: something newer stands there or will. `skipped`: our own copy, come
   * back. `duplicate`: it was finished before. `continues`: in another invocation. `archived`, `customer-key`: S3 does not
   * copy it as it is.
   */
  | { readonly is: 'deleted' | 'superseded' | 'skipped' | 'duplicate' | 'continues' | Barred }
  /** Another invocation is at it; or, where it is not its own, at something newer, which is to be waited for. */
  | { readonly is: 'busy'; readonly isOwn: boolean };

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

/** Goes on with what a row tells of: another invocation began it. */
export async function resume<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  sk: string,
): Promise<Outcome> {
  const told = await world.ledger.row({ pk, sk });
  if (!told) return { is: 'duplicate' };
  return applyNamed(world, pk, told);
}

async function applyNamed<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  named: Named,
): Promise<Outcome> {
  const attempt = world.nonce();
  const row = await world.ledger.begin(pk, named, attempt);
  // An attempt that is open may be dead, and have landed behind whoever finished the row.
  if (row && row.state !== 'copying' && row.openAttempts === 0) return { is: 'duplicate' };
  // What an earlier attempt wrote into its row holds: its copy may carry that nonce already.
  return telling(world, { pk, sk: named.sk }, () => claimAndBring(world, pk, row ?? named, attempt, row));
}

/** What fails is told by its row too, where the ledger can be asked. */
async function telling<Source extends SourceObject>(
  { ledger }: FanOutWorld<Source>,
  key: LedgerKey,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    await ledger.fail(key, error).catch(() => undefined);
    throw error;
  }
}

/** @param earlier the row of an attempt before this one: it may have landed something, and not have looked afterwards */
async function claimAndBring<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  named: Named,
  attempt: string,
  earlier: CopyRow | undefined,
): Promise<Outcome> {
  const { ledger, buckets } = world;
  const claim = await ledger.claim(pk, named);
  if (claim.is === 'moved') throw new Error('a claim without a turn cannot have moved');
  if (claim.is === 'collision') {
    await ledger.finish({ pk, sk: named.sk }, { state: 'collision' }, attempt);
    return claim;
  }
  if (claim.is === 'superseded' && earlier?.hasUpload) await buckets.abandon(named, { pk, sk: named.sk });
  if (claim.is === 'superseded' && !earlier) return conclude(world, pk, named, attempt, { is: 'moved' });
  return conclude(world, pk, named, attempt, await bring(world, pk, claim.head, earlier !== undefined));
}

/**
 * Brings what stands at the source now under a key, whatever events told: for what was there before, and for what was
 * missed.
 *
 * @param admits asked when the object has been looked at
 */
export async function applyLook<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  sourceKey: string,
  destinationKey: string,
  admits: (size: number) => boolean,
): Promise<Outcome | { readonly is: 'filtered' }> {
  const { ledger, buckets } = world;
  const pk = partitionOf(world, destinationKey);
  const attempt = world.nonce();
  for (;;) {
    // Read before the look: what was claimed by then, the look shows, or something newer.
    const seen = await ledger.head(pk);
    const source = await buckets.look(sourceKey);
    if (!source) return applyGone(world, pk, sourceKey, seen);
    if (!admits(source.size)) return { is: 'filtered' };
    const { etag, size, versionId, modified } = source;
    const look: Named = {
      sourceKey,
      destinationKey,
      ...(seen?.sequencer !== undefined && { sequencer: seen.sequencer }),
      ...(versionId !== undefined && { versionId }),
      etag,
      size,
      at: modified,
      isDeleted: false,
      sk: copySortKey({ etag, ...(versionId !== undefined && { versionId }) }),
      nonce: world.nonce(),
    };
    const row = await ledger.begin(pk, look, attempt);
    const named = row ? { ...look, nonce: row.nonce } : look;
    const claim = await ledger.claim(pk, named, seen?.turn ?? 'none');
    if (claim.is === 'collision') {
      await ledger.finish({ pk, sk: named.sk }, { state: 'collision' }, attempt);
      return claim;
    }
    if (claim.is !== 'claimed') {
      await ledger.finish({ pk, sk: named.sk }, { state: 'superseded' }, attempt);
      continue;
    }
    const mayHaveLanded = row !== undefined && (row.state === 'copying' || row.openAttempts > 0);
    return telling(world, { pk, sk: named.sk }, async () =>
      conclude(world, pk, named, attempt, await bring(world, pk, claim.head, mayHaveLanded, source)),
    );
  }
}

/** The key is gone at the source. What the head names may still be there as a version, and an attempt may have hidden it. */
async function applyGone<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  sourceKey: string,
  head: Head | undefined,
): Promise<Outcome> {
  if (!head || head.sourceKey !== sourceKey || (head.versionId === undefined && !head.isDeleted)) {
    return { is: 'superseded' };
  }
  return conclude(world, pk, head, world.nonce(), await bring(world, pk, head, true));
}

/** Writes what became of it into its row, which so is done with. */
async function conclude<Source extends SourceObject>(
  { ledger }: FanOutWorld<Source>,
  pk: string,
  named: Named,
  attempt: string,
  brought: Brought,
): Promise<Outcome> {
  const key = { pk, sk: named.sk };
  if (brought.is === 'continues' || (brought.is === 'busy' && brought.sk === named.sk)) {
    await ledger.leave(key, attempt);
    return brought.is === 'continues' ? { is: 'continues' } : { is: 'busy', isOwn: true };
  }
  // What this attempt may have landed is still to be looked after: it stays open.
  if (brought.is === 'busy') return { is: 'busy', isOwn: false };
  if (brought.is === 'landed' && brought.sk === named.sk) {
    const { copy, content, isUnmarked, isIncomplete } = brought;
    await ledger.finish(key, { state: 'done', ...(content && { content }), ...(copy && { copy }) }, attempt);
    if (!content) return { is: 'deleted' };
    return { is: 'copied', isUnmarked, ...(isIncomplete && { isIncomplete }), size: content.size, at: named.at };
  }
  const isOver = brought.is === 'landed' || brought.is === 'gone' || brought.is === 'moved';
  const state = isOver ? 'superseded' : brought.is;
  await ledger.finish(key, { state }, attempt);
  return { is: state };
}

function partitionOf<Source extends SourceObject>({ destinationBucket }: FanOutWorld<Source>, key: string): string {
  return ledgerPartition(destinationBucket, keyHash(key));
}
