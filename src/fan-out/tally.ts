import type { CopyRow, CopyState } from './ledger.ts';
import { isLookSortKey } from './ledger-keys.ts';

/** What rows of copies are counted by: `failed` are those that are `copying` and failed the last time. */
export type TallyState = CopyState | 'failed';

/** A row of a copy, with what became of it. */
export interface TalliedCopy extends CopyRow {
  /** Milliseconds since the epoch. */
  readonly finished?: number;
  /** Why it failed the last time, and when. */
  readonly error?: string;
  readonly failed?: number;
}

export interface CopyFailure {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error: string;
}

export interface Tally {
  readonly states: Readonly<Record<TallyState, number>>;
  /** From an object's coming to be until its copy stood, of copies of events in the period; in milliseconds. */
  readonly lag: { readonly p50: number; readonly max: number; readonly copies: number } | undefined;
  /** What waits for longest, since when; of events. */
  readonly oldest: { readonly key: string; readonly since: number } | undefined;
  /** The newest first. */
  readonly failures: readonly CopyFailure[];
}

/** Failures that are kept. */
const MOST_FAILURES = 10;

/**
 * Counts rows one by one, in any order.
 *
 * @param since lags of what was finished earlier are left out, in milliseconds since the epoch
 */
export function createTally(since: number): { add(row: TalliedCopy): void; read(): Tally } {
  const states: Record<TallyState, number> = {
    copying: 0,
    failed: 0,
    done: 0,
    superseded: 0,
    skipped: 0,
    collision: 0,
    kept: 0,
    archived: 0,
    'customer-key': 0,
  };
  const lags: number[] = [];
  let oldest: Tally['oldest'];
  let failures: readonly CopyFailure[] = [];

  return {
    add(row) {
      const { sourceKey: key, state, at, finished, error, failed = 0 } = row;
      states[stateOf(row)] += 1;
      if (state === 'copying' && error !== undefined) {
        failures = [...failures, { key, at: failed, error }].sort((one, other) => other.at - one.at);
        failures = failures.slice(0, MOST_FAILURES);
      }
      // What a look at the source found may be years old: that is no lag.
      if (isLookSortKey(row.sk)) return;
      if (state === 'copying' && (oldest === undefined || at < oldest.since)) oldest = { key, since: at };
      if (state === 'done' && finished !== undefined && finished >= since) lags.push(Math.max(0, finished - at));
    },
    read: () => ({ states: { ...states }, lag: lagOf(lags), oldest, failures }),
  };
}

export function stateOf({ state, error }: TalliedCopy): TallyState {
  return state === 'copying' && error !== undefined ? 'failed' : state;
}

function lagOf(lags: readonly number[]): Tally['lag'] {
  const sorted = [...lags].sort((one, other) => one - other);
  const max = sorted.at(-1);
  const p50 = sorted[Math.ceil(sorted.length / 2) - 1];
  return max === undefined || p50 === undefined ? undefined : { p50, max, copies: sorted.length };
}
