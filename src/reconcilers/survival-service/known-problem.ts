/**
 * A problem that is worked out by hand: three subjects, each with an event, and a predictor of two values. With u = exp(β)
 * the score is 1 − 2u/(2u+1) − u/(1+u), so that u = 1/√2. Its information there is 2u/(2u+1)² + u/(1+u)², and the score
 * residuals give the robust standard error (Lin & Wei 1989). The second row does not vary.
 */
export const KNOWN_PROBLEM = {
  times: [1, 2, 3],
  events: [1, 1, 1],
  values_by_record: [
    [1, 0, 1],
    [1, 1, 1],
  ],
} as const;

/** Of its first row: 1/√2, and Wald's two-sided p. */
export const KNOWN_HAZARD = Math.SQRT1_2;
export const KNOWN_P = 0.721_907_99;

/** R's stopping rule leaves an estimate this far from the true maximum at most; p is written with eight digits. */
const TOLERANCE = 1e-6;

export function isNear(found: unknown, known: number): boolean {
  return typeof found === 'number' && Math.abs(found - known) <= TOLERANCE * Math.abs(known);
}
