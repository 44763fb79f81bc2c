import { afterHead, bringFound } from './bring-found.ts';
import { bring } from './bring.ts';
import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import { conclude } from './conclude.ts';
import type { Outcome } from './conclude.ts';
import type { Head } from './ledger.ts';
import { keyHash, ledgerPartition } from './ledger-keys.ts';
import { namedBy } from './look-order.ts';
import type { BackfillLook, Looked, LookOrder, UnorderedEvent } from './look-order.ts';
import { hasPlace, isAdmitted } from './place.ts';
import { sweepLooks } from './sweep-looks.ts';

/**
 * Brings what stands at the source now under a key, whatever events told: for what was there before, and for what was
 * missed.
 */
export async function applyLook<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  order: BackfillLook,
): Promise<Outcome> {
  const pk = ledgerPartition(world.destinationBucket, keyHash(order.destinationKey));
  const { outcome } = await lookAndSweep(world, pk, order, world.nonce());
  return outcome;
}

/** Brings what stands at the source now: an event says that something happened, and its sequencer does not say when. */
export async function applyUnordered<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  event: UnorderedEvent<Source>,
): Promise<Outcome> {
  const { named, attempt, earlier } = event;
  const { sourceKey, destinationKey, sk } = named;
  const order = { sourceKey, destinationKey, isAgain: earlier !== undefined, event };
  const { outcome, isConcluded = false } = await lookAndSweep(world, pk, order, attempt);
  // What is to be waited for comes again, with its row as it is.
  if (isConcluded || (outcome.is === 'busy' && !outcome.isOwn)) return outcome;
  if (earlier?.hasUpload) await world.buckets.abandon(named, { pk, sk });
  const state = outcome.is === 'collision' ? 'collision' : 'superseded';
  await world.ledger.finish({ pk, sk }, { state }, attempt);
  return outcome;
}

async function lookAndSweep<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  order: LookOrder<Source>,
  attempt: string,
): Promise<Looked> {
  const looked = await look(world, pk, order, attempt);
  const { is } = looked.outcome;
  if (order.isAgain && is !== 'busy' && is !== 'continues') await sweepLooks(world, pk, looked.isGone ?? false);
  return looked;
}

async function look<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  order: LookOrder<Source>,
  attempt: string,
): Promise<Looked> {
  const { ledger, buckets } = world;
  const { sourceKey, event } = order;
  for (;;) {
    // Read before the look: what was claimed by then, the look shows, or something newer.
    const seen = await ledger.head(pk);
    // Asked before the look, too: an event of its deletion that finds the place taken leaves nothing behind.
    const isTaken = seen !== undefined && (await hasPlace(world, seen, order));
    const source = await buckets.look(sourceKey);
    if (source && !isAdmitted(world, sourceKey, source)) {
      return leaveIt(world, pk, order, seen, { is: 'filtered' });
    }
    const kept = !source && world.keepsDeleted ? keptVersion(seen, order) : undefined;
    const isDeletion = event?.named.isDeleted === true && !isTaken && !isGoneThere(seen, sourceKey);
    if (source || kept || isDeletion) {
      const named = kept && event ? event.named : namedBy(world, order, seen, source);
      const found = source ?? kept;
      const looked = await bringFound(world, pk, order, {
        seen,
        isTaken,
        named,
        attempt,
        ...(found && { source: found }),
      });
      if (looked !== 'moved') return looked;
    } else if (event) {
      // Its deletion has an event of its own; whatever else has the place by now keeps it.
      return leaveIt(world, pk, order, seen, { is: 'superseded' });
    } else {
      return { outcome: await lookedGone(world, pk, sourceKey, seen), isGone: true };
    }
  }
}

/**
 * What was deleted meanwhile stays at the destination, where deletions do: the version that an event names, where nothing
 * younger is known of. What a look found has no place among sequencers, so its time decides; S3 tells it in seconds, and of
 * two within one the event's is taken, which had not come when the look was made.
 */
function keptVersion<Source extends SourceObject>(
  seen: Head | undefined,
  { sourceKey, event }: LookOrder<Source>,
): Source | undefined {
  const found = event?.found;
  if (!found || !seen) return found;
  return seen.sourceKey === sourceKey && !seen.isDeleted && seen.at <= found.modified ? found : undefined;
}

/** Its deletion has been brought there. */
function isGoneThere(seen: Head | undefined, sourceKey: string): boolean {
  return seen !== undefined && seen.sourceKey === sourceKey && seen.isDeleted && seen.isCopied;
}

/** Nothing is claimed, and nothing is brought, but that what an earlier attempt of an event may have landed is put right. */
async function leaveIt<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  { event }: LookOrder<Source>,
  seen: Head | undefined,
  outcome: Outcome,
): Promise<Looked> {
  return { outcome: await afterHead(world, pk, seen, event?.earlier?.sourceKey, outcome) };
}

/** The key is gone at the source. What the head names may still be there as a version, and an attempt may have hidden it. */
async function lookedGone<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  sourceKey: string,
  head: Head | undefined,
): Promise<Outcome> {
  if (!head || (head.sourceKey === sourceKey && head.versionId === undefined && !head.isDeleted)) {
    return { is: 'superseded' };
  }
  return conclude(world.ledger, pk, head, world.nonce(), await bring(world, pk, head, { landedBy: sourceKey }));
}
