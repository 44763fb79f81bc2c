import { bring } from './bring.ts';
import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import { conclude, skip, telling } from './conclude.ts';
import type { Outcome } from './conclude.ts';
import type { Head, Named } from './ledger.ts';
import { isThere } from './look-order.ts';
import type { Looked, LookOrder } from './look-order.ts';
import { comeBack, ownHops } from './loop-guard.ts';
import type { ComeBack } from './loop-guard.ts';

/** What a look has found, by the name that it is claimed by. */
interface Found<Source extends SourceObject> {
  /** Before the look. */
  readonly seen: Head | undefined;
  readonly isTaken: boolean;
  readonly named: Named;
  readonly attempt: string;
  /** None: it is gone, and is to be gone at the destination. */
  readonly source?: Source;
}

/** Of an event's own row failures are told by whoever began it. */
export async function bringFound<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  order: LookOrder<Source>,
  found: Found<Source>,
): Promise<Looked | 'moved'> {
  const { named, attempt } = found;
  if (order.event?.named.sk === named.sk) return bringNamed(world, pk, order, found);
  return telling(world, { pk, sk: named.sk }, attempt, () => bringNamed(world, pk, order, found));
}

async function bringNamed<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  order: LookOrder<Source>,
  { seen, isTaken, named: found, attempt, source }: Found<Source>,
): Promise<Looked | 'moved'> {
  const { ledger } = world;
  const { event } = order;
  const key = { pk, sk: found.sk };
  const isEvents = event?.named.sk === found.sk;
  const row = isEvents ? event.earlier : await ledger.begin(pk, found, attempt);
  const named = row ? { ...found, nonce: row.nonce } : found;
  const isDone = row?.state === 'done' && row.openAttempts === 0;
  if (isDone && source && seen && isThere(order, seen, named)) {
    return { outcome: { is: event && event.named.etag !== source.etag ? 'superseded' : 'duplicate' } };
  }
  const mayHaveLanded =
    event?.earlier !== undefined || (row !== undefined && (row.state === 'copying' || row.openAttempts > 0));
  const landedBy = mayHaveLanded ? order.sourceKey : undefined;
  if (seen && isTaken) {
    const outcome = await afterHead(world, pk, seen, landedBy, { is: 'collision', with: seen.sourceKey });
    if (!isEvents && outcome.is === 'collision') await ledger.finish(key, { state: 'collision' }, attempt);
    return { outcome };
  }
  const guarded = source && event && !mayHaveLanded ? await guard(world, seen, named, source) : 'no';
  const claim = await ledger.claim(pk, source ? { ...named, at: source.modified } : named, seen?.turn ?? 'none');
  if (claim.is !== 'claimed') {
    if (row && seen?.sk === named.sk) await ledger.leave(key, attempt);
    else if (!isEvents) await ledger.finish(key, { state: 'superseded' }, attempt);
    return 'moved';
  }
  const outcome =
    guarded === 'no'
      ? await conclude(ledger, pk, named, attempt, await bring(world, pk, claim.head, { landedBy, found: source }))
      : await skip(world, pk, named, attempt, guarded);
  return { outcome, ...(isEvents && { isConcluded: true }) };
}

/** Of an event; a backfill brings whatever is not there. */
async function guard<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  seen: Head | undefined,
  named: Named,
  source: Source,
): Promise<ComeBack> {
  const hops = await ownHops(world, named, source);
  return hops ? comeBack(world, seen, named.destinationKey, source, hops) : 'no';
}

/** What an attempt may have landed is put right. */
export async function afterHead<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  seen: Head | undefined,
  landedBy: string | undefined,
  outcome: Outcome,
): Promise<Outcome> {
  if (!seen || landedBy === undefined) return outcome;
  // Its own row ends with it: whoever claimed it may be dead, and never come to it again.
  const ended = await conclude(world.ledger, pk, seen, world.nonce(), await bring(world, pk, seen, { landedBy }));
  return ended.is === 'busy' ? { is: 'busy', isOwn: false } : outcome;
}
