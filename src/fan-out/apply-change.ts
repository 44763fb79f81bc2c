import { applyUnordered } from './apply-look.ts';
import { bring } from './bring.ts';
import type { Brought, FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import { conclude, skip, telling } from './conclude.ts';
import type { Outcome } from './conclude.ts';
import type { Claim, CopyRow, Head, Named } from './ledger.ts';
import { copySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import type { UnorderedEvent } from './look-order.ts';
import { comeBack, ownHops } from './loop-guard.ts';
import type { ComeBack } from './loop-guard.ts';
import type { ObjectChange } from './object-change.ts';
import { orderOfEvent } from './order.ts';
import { isAdmitted } from './place.ts';
import { sweepLooks } from './sweep-looks.ts';
import { contradicts, witness } from './witness.ts';
import type { Witness } from './witness.ts';

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
  const pk = partitionOf(world, destinationKey);
  return applyNamed(world, pk, kind, {
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
      ? conclude(ledger, pk, told, attempt, await bring(world, pk, head, { landedBy: told.sourceKey }))
      : giveWay(world, pk, told, attempt, head);
  });
}

async function applyNamed<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  kind: ObjectChange['kind'],
  event: Named,
): Promise<Outcome> {
  const { ledger } = world;
  const attempt = world.nonce();
  return telling(world, { pk, sk: event.sk }, attempt, async () => {
    const earlier = await ledger.begin(pk, event, attempt);
    if (earlier && isOver(earlier)) return { is: 'duplicate' };
    // What an earlier attempt wrote into its row holds: its copy may carry that nonce already.
    return applyBegun(world, pk, kind, { named: earlier ?? event, attempt, earlier });
  });
}

async function applyBegun<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  kind: ObjectChange['kind'],
  begun: Begun<Source>,
): Promise<Outcome> {
  // Another one may be current now, or a deletion be taken back: only a look says.
  if (kind === 'version-deleted') return applyUnordered(world, pk, begun);
  const seen = await witness(world, begun.named);
  switch (seen.is) {
    case 'gone':
      return yieldTo(world, pk, begun, await headFor(world, pk, begun.earlier));
    case 'again':
      return applyAgain(world, pk, begun);
    case 'absent':
    case 'there':
      return applySeen(world, pk, begun, seen);
  }
}

type Begun<Source extends SourceObject> = UnorderedEvent<Source>;
type Seen<Source extends SourceObject> = Exclude<Witness<Source>, { readonly is: 'again' | 'gone' }>;

/** The key is there again: a deletion that nothing newer is known of asks what stands there. */
async function applyAgain<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  begun: Begun<Source>,
): Promise<Outcome> {
  const head = await world.ledger.head(pk);
  const isOlder = head !== undefined && orderOfEvent(head, begun.named) === 'older';
  return isOlder ? yieldTo(world, pk, begun, head) : applyUnordered(world, pk, begun);
}

async function applySeen<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  begun: Begun<Source>,
  seen: Seen<Source>,
): Promise<Outcome> {
  const { named, attempt, earlier } = begun;
  const source = seen.is === 'there' ? seen.source : undefined;
  const asked = source ? { ...begun, found: source } : begun;
  // An event may tell of another size than there is.
  if (source && !isAdmitted(world, named.sourceKey, source)) return applyUnordered(world, pk, asked);
  const guarded = source && !earlier ? await guard(world, pk, named, source) : undefined;
  const claim = await claimFor(world, pk, named, seen);
  switch (claim.is) {
    case 'claimed': {
      const isAsSeen = guarded !== undefined && claim.head.turn === guarded.turn + 1;
      if (isAsSeen && guarded.is !== 'no') return skip(world, pk, named, attempt, guarded.is);
      const landedBy = earlier?.sourceKey;
      return end(world, pk, begun, await bring(world, pk, claim.head, { landedBy, found: source }));
    }
    case 'superseded':
      return contradicts(claim.head, named, seen)
        ? applyUnordered(world, pk, asked)
        : yieldTo(world, pk, begun, claim.head);
    case 'unordered':
      return applyUnordered(world, pk, asked);
    case 'moved':
      throw new Error('a claim without a turn cannot have moved');
  }
}

/**
 * What is not current any more is claimed over what the head names where that is not younger, whatever sequencers say, and
 * not where there is no head: a copy of something newer may stand there that nobody told of.
 */
function claimFor<Source extends SourceObject>(
  { ledger }: FanOutWorld<Source>,
  pk: string,
  named: Named,
  seen: Seen<Source>,
): Promise<Claim> {
  if (seen.is === 'absent') return ledger.claim(pk, named);
  return ledger.claim(pk, { ...named, at: seen.source.modified }, seen.isCurrent ? undefined : 'some');
}

/** What carries a hop of ours is held against the head as it is before the claim. */
async function guard<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  named: Named,
  source: Source,
): Promise<{ readonly is: ComeBack; readonly turn: number } | undefined> {
  const hops = await ownHops(world, named, source);
  if (!hops) return undefined;
  const head = await world.ledger.head(pk);
  return { is: await comeBack(world, head, named.destinationKey, source, hops), turn: head?.turn ?? 0 };
}

/** Something newer has the head, or what was told of is gone. */
async function yieldTo<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  begun: Begun<Source>,
  head: Head | undefined,
): Promise<Outcome> {
  const { earlier } = begun;
  if (earlier?.hasUpload) await world.buckets.abandon(earlier, { pk, sk: earlier.sk });
  const landedBy = earlier?.sourceKey;
  const brought = earlier && head ? await bring(world, pk, head, { landedBy }) : { is: 'moved' as const };
  return end(world, pk, begun, brought);
}

/** Looks of an attempt before this one may have died, too. */
async function end<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  { named, attempt, earlier }: Begun<Source>,
  brought: Brought,
): Promise<Outcome> {
  const isUnderWay = brought.is === 'busy' || brought.is === 'continues';
  if (earlier && !isUnderWay) await sweepLooks(world, pk, brought.is === 'gone');
  return conclude(world.ledger, pk, named, attempt, brought);
}

/** Asked for where an attempt before this one may have landed something. */
async function headFor<Source extends SourceObject>(
  { ledger }: FanOutWorld<Source>,
  pk: string,
  earlier: CopyRow | undefined,
): Promise<Head | undefined> {
  return earlier && (await ledger.head(pk));
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
  return conclude(world.ledger, pk, row, attempt, await bring(world, pk, head, { landedBy: row.sourceKey }));
}

function partitionOf<Source extends SourceObject>({ destinationBucket }: FanOutWorld<Source>, key: string): string {
  return ledgerPartition(destinationBucket, keyHash(key));
}
