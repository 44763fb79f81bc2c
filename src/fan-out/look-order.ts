import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import type { Outcome } from './conclude.ts';
import type { CopyRow, Head, Named } from './ledger.ts';
import { copySortKey } from './ledger-keys.ts';
import { isSameVersion } from './order.ts';

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

/** What is looked for: for a backfill, or for an event. */
export interface LookOrder<Source extends SourceObject> extends Pick<
  BackfillLook,
  'sourceKey' | 'destinationKey' | 'isAgain'
> {
  readonly run?: string;
  readonly event?: UnorderedEvent<Source>;
}

/** What became of a look. */
export interface Looked {
  readonly outcome: Outcome;
  /** The event's row has been concluded. */
  readonly isConcluded?: boolean;
  /** Nothing stands at the source, and no event tells why. */
  readonly isGone?: boolean;
}

/**
 * By what name that is claimed which a look found. By its event's, where that is the very version: events that come then are
 * ordered by its sequencer. By the head's, where that is it already: it keeps its order. Else as a look's, which has none,
 * but that of what was copied by then: by its own word nothing raises it. So is a deletion: nothing tells that its event is
 * the last one.
 */
export function namedBy<Source extends SourceObject>(
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

/**
 * Has what was found been brought already, of a row that is done? For an event: it is the version that stands there. For
 * a backfill: the same run brought it, so that a message that comes again copies nothing twice, and a copy that somebody
 * took away is brought again by the next run.
 */
export function isThere<Source extends SourceObject>(
  { run, event }: LookOrder<Source>,
  seen: Head,
  named: Named,
): boolean {
  if (!seen.isCopied || seen.sk !== named.sk || seen.at !== named.at) return false;
  return event ? event.earlier === undefined && isSameVersion(seen, named) : seen.run === run;
}
