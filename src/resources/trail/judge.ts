import type { Culprit } from '../../engine/types.ts';
import { fitOf } from './holds.ts';
import { isOwnApply, isOwnFunction } from './ours.ts';
import type { Ours } from './ours.ts';
import type { Lookup, Subject, TrailRecord, TrailRow } from './types.ts';

export interface Verdict {
  /** The newest event that fits best. */
  readonly culprit?: Culprit;
  /** Nothing older matters: an apply of ours had brought the object to where it should be. */
  readonly settled: boolean;
  /** Something was done to the object at all. */
  readonly known: boolean;
}

/** exact · wrote a drifted field · wrote the object. */
type Rank = 3 | 2 | 1;

/**
 * Which of these events changed the object. Pure.
 *
 * @param records of one object, newest first.
 */
export function judge(
  records: readonly TrailRecord[],
  { row, subject, lookup, ours }: { row: TrailRow; subject: Subject; lookup: Lookup; ours: Ours },
): Verdict {
  let best: { readonly rank: Rank; readonly record: TrailRecord } | undefined;
  let isKnown = false;
  for (const record of records) {
    if (record.idle || record.source !== row.source) continue;
    isKnown = true;
    if (isOwnApply(record, ours)) return verdict(true);
    if (isOwnFunction(record, ours)) continue;
    const rank = rankOf(record);
    if (rank !== undefined && rank > (best?.rank ?? 0)) best = { rank, record };
  }
  return verdict(false);

  function rankOf({ name, parameters }: TrailRecord): Rank | undefined {
    const written = row.writes[name]?.(parameters, subject);
    if (written === undefined) return undefined;
    if (subject.missing && !row.parts) return written.removed ? 3 : undefined;
    const fits = new Set(lookup.changes.map((change) => fitOf(written, change)));
    if (fits.has('holds')) return 3;
    return fits.has('wrote') ? 2 : row.apart ? undefined : 1;
  }

  function verdict(settled: boolean): Verdict {
    return { ...(best && { culprit: culpritOf(best.record, best.rank) }), settled, known: isKnown };
  }
}

function culpritOf({ actor, name, at, eventId, how, sourceIdentity }: TrailRecord, rank: Rank): Culprit {
  return {
    actor,
    event: name,
    at,
    confidence: rank === 3 ? 'exact' : 'likely',
    eventId,
    how,
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  };
}

/** Exact before likely, then the newer. */
export function betterOf(one: Culprit | undefined, other: Culprit | undefined): Culprit | undefined {
  if (!one || !other) return one ?? other;
  if (one.confidence !== other.confidence) return one.confidence === 'exact' ? one : other;
  return one.at >= other.at ? one : other;
}
