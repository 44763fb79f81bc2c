import { isSameEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { isEstateId } from './types.ts';

/** One write of a bucket's notification configuration, as the trail has it. */
export interface Put {
  /** ISO 8601, UTC, whole seconds: the trail knows no finer order. */
  readonly at: string;
  /** An apply of trueup: it keeps every entry that it read. */
  readonly isApply: boolean;
  readonly actor: string;
  readonly entries: readonly Entry[];
}

/** An entry that somebody wrote between the read and the write of an apply, and that is gone. */
export interface Overwritten {
  readonly entry: Entry;
  /** Who wrote it, and when. */
  readonly actor: string;
  readonly at: string;
  /** When the apply wrote. */
  readonly overwrittenAt: string;
}

/** Longer than it takes from the read of an apply to its write, retries included. */
const WINDOW_MS = 60_000;

/**
 * Entries that a write of an apply lost. S3 compares no versions: an apply reads right before it writes, and what comes
 * in between is replaced in silence. What an apply read it keeps; so an entry that was written shortly before it and is
 * not in what it wrote was overwritten, unless somebody took it away in between, or it is back. Entries of other estates
 * are told by their own plans. Pure.
 *
 * @param puts in any order.
 * @param now what is there.
 */
export function overwrittenEntries(puts: readonly Put[], now: readonly Entry[]): readonly Overwritten[] {
  const foreign = puts.filter(({ isApply }) => !isApply);
  const found = puts
    .filter(({ isApply }) => isApply)
    .flatMap((apply) =>
      foreign
        .filter(({ at }) => at <= apply.at && Date.parse(apply.at) - Date.parse(at) <= WINDOW_MS)
        .flatMap(({ entries, at, actor }) =>
          entries
            .filter((entry) => !isEstateId(entry.id) && !has(apply.entries, entry) && !has(now, entry))
            .filter((entry) => !foreign.some((put) => put.at > at && put.at < apply.at && !has(put.entries, entry)))
            .filter((entry) => !puts.some((put) => put.at > apply.at && has(put.entries, entry)))
            .map((entry): Overwritten => ({ entry, actor, at, overwrittenAt: apply.at })),
        ),
    );
  return [...new Map(found.map((one) => [keyOf(one), one])).values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function has(entries: readonly Entry[], wanted: Entry): boolean {
  return entries.some((entry) => isSameEntry(entry, wanted));
}

function keyOf({ entry, at }: Overwritten): string {
  return `${entry.id} ${entry.target} ${at}`;
}
