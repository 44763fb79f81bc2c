/** What became of one row. */
export type SurvivalStatus =
  | 'ok'
  /** Fewer events than `minEvents`: the robust standard error is too small, figures are kept. */
  | 'few_events'
  /** The predictor does not vary among those at risk: there is nothing to estimate. */
  | 'constant'
  /** Every event was among the subjects without a value. */
  | 'no_events'
  /** The likelihood rises towards an infinite coefficient: p means nothing and is null. */
  | 'diverged'
  /** The stopping rule was not met in 20 steps. */
  | 'not_converged'
  /** A value of the row is no number. */
  | 'invalid';

/** One row of an answer. What is not a number, or not a finite one, is null. */
export interface SurvivalStatistics {
  /** Hazard ratio of one unit of the predictor: e to the power of `coef`. */
  readonly hazard: number | null;
  /** Two-sided p of Wald's test, with the robust standard error. */
  readonly pval: number | null;
  /** Its decimal logarithm, also where p itself is too small for a number. */
  readonly log10_pval: number | null;
  readonly coef: number | null;
  /** From the model's information. */
  readonly se: number | null;
  /** The sandwich's, every subject a cluster (Lin & Wei 1989). */
  readonly robust_se: number | null;
  readonly z: number | null;
  /** 95 % confidence limits of `hazard`, by the robust standard error. */
  readonly ci95: readonly [number | null, number | null];
  /** Subjects with a value. */
  readonly n: number;
  /** Events among them. */
  readonly events: number;
  /** Steps of Newton's method; 21 where 20 were not enough. */
  readonly iterations: number;
  readonly status: SurvivalStatus;
  /** Of `invalid` alone: index and reason. */
  readonly error?: string;
}
