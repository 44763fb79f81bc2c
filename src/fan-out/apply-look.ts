import { bring } from './bring.ts';
import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import { conclude, skip, telling } from './conclude.ts';
import type { Outcome } from './conclude.ts';
import type { CopyRow, Head, Named } from './ledger.ts';
import { copySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import { comeBack, ownHops } from './loop-guard.ts';
import type { ComeBack } from './loop-guard.ts';
import { isSameVersion } from './order.ts';
import { hasPlace, isAdmitted } from './place.ts';
import { sweepLooks } from './sweep-looks.ts';

/** An event that its sequencer does not order, with its row, which is begun. */
export interface UnorderedEvent<Source extends SourceObject> {
  readonly named: Named;
  readonly attempt: string;
  /** The row of an attempt before this one: it may have landed something, and not have looked afterwards. */
  readonly earlier: CopyRow | undefined;
  /** The version that it names. */
  readonly found?: Source;
}

/** A look at one key of the source, for a backfill. */
export interface BackfillLook {
  readonly sourceKey: string;
  readonly destinationKey: string;
  /** What it has brought already is not brought again when its message comes again. */
  readonly run: string;
  /** It may have been begun before. */
  readonly isAgain: boolean;
}

interface LookOrder<Source extends SourceObject> extends Pick<
  BackfillLook,
  'sourceKey' | 'destinationKey' | 'isAgain'
> {
  readonly run?: string;
  readonly event?: UnorderedEvent<Source>;
}

/** What became of a look. */
interface Looked {
  readonly outcome: Outcome;
  /** The event's row has been concluded. */
  readonly isConcluded?: boolean;
  /** Nothing stands at the source, and no event tells why. */
  readonly isGone?: boolean;
}

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
    // What was deleted meanwhile stays at the destination, where deletions do: nothing newer than this is known of.
    const kept = !seen && !source && world.keepsDeleted ? event?.found : undefined;
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

/** Its deletion has been brought there. */
function isGoneThere(seen: Head | undefined, sourceKey: string): boolean {
  return seen !== undefined && seen.sourceKey === sourceKey && seen.isDeleted && seen.isCopied;
}

/**
 * By what name that is claimed which a look found. By its event's, where that is the very version: events that come then are
 * ordered by its sequencer. By the head's, where that is it already: it keeps its order. Else as a look's, which has none,
 * but that of what was copied by then: by its own word nothing raises it. So is a deletion: nothing tells that its event is
 * the last one.
 */
function namedBy<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  { sourceKey, destinationKey, run, event }: LookOrder<Source>,
  seen: Head | undefined,
  source: Source | undefined,
): Named {
  const own = seen?.sourceKey === sourceKey ? seen : undefined;
  if (source) {
    const isHeads = own !== undefined && isSameVersion(own, source);
    if (event && isSameVersion(event.named, source) && !(isHeads && own.isCopied)) return event.named;
    if (isHeads) return { ...own, ...(run !== undefined && { run }) };
  }
  const sequencer = own?.isCopied ? own.sequencer : undefined;
  const state = source && stateOf(source);
  return {
    sourceKey,
    destinationKey,
    ...(sequencer !== undefined && { sequencer }),
    ...state,
    at: source?.modified ?? event?.named.at ?? 0,
    isDeleted: !source,
    sk: copySortKey(state ?? { etag: '' }),
    nonce: world.nonce(),
    ...(run !== undefined && { run }),
  };
}

function stateOf({ versionId, etag, size }: SourceObject) {
  return { ...(versionId !== undefined && { versionId }), etag, size };
}

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
async function bringFound<Source extends SourceObject>(
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

/**
 * Has what was found been brought already, of a row that is done? For an event: it is the version that stands there. For
 * a backfill: the same run brought it, so that a message that comes again copies nothing twice, and a copy that somebody
 * took away is brought again by the next run.
 */
function isThere<Source extends SourceObject>({ run, event }: LookOrder<Source>, seen: Head, named: Named): boolean {
  if (!seen.isCopied || seen.sk !== named.sk || seen.at !== named.at) return false;
  return event ? event.earlier === undefined && isSameVersion(seen, named) : seen.run === run;
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

async function afterHead<Source extends SourceObject>(
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
