import type { SampleCounts } from './tables/join-samples.ts';
import type { SurvivalStatus } from './types.ts';

/** `trueup/survival-run@1`: what survival run prints; the rows are in its results table. */
export interface SurvivalRunResult {
  readonly format: 'trueup/survival-run@1';
  readonly outcome: 'done' | 'interrupted';
  /** kind/name; null: it was computed here. */
  readonly document: string | null;
  readonly local: boolean;
  readonly samples: SampleCounts;
  /** Of the matrix; of an interrupted run those that are done. */
  readonly rows: number;
  readonly statuses: Readonly<Record<SurvivalStatus, number>>;
  /** Rows that are significant; 0 of an interrupted run. */
  readonly significant: number;
  /** Rows with the smallest p, that one first. */
  readonly top: readonly TopRow[];
  readonly chunks: {
    readonly done: number;
    /** Of these, done by an earlier run that ended early. */
    readonly resumed: number;
  };
  /** Requests that were sent again. */
  readonly retries: number;
  readonly seconds: number;
  readonly out: string;
  readonly plot: string | null;
  /** Where what is done lies until it is continued; null: the results are written. */
  readonly partial: string | null;
  /** Calls to AWS, by service; requests to the deployed service are not among them. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}

export interface TopRow {
  readonly gene: string;
  readonly hazard: number | null;
  readonly ci95: readonly [number | null, number | null];
  readonly pval: number | null;
  readonly qval: number;
}

/** The largest q of a row that counts as significant: one discovery in twenty may be false. */
export const SIGNIFICANT_Q = 0.05;

/** Whether a row is counted, listed and drawn as significant. @param q NaN: the row takes no part in q */
export function isSignificant(q: number): boolean {
  return q <= SIGNIFICANT_Q;
}

/** How many rows `top` has. */
export const TOP_ROWS = 10;
