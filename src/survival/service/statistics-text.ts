import type { SurvivalStatistics } from '../types.ts';

/** The longest text that a number has in JSON. */
const LONGEST = -Number.MAX_VALUE;

/** No row of an answer is longer: with everything that a row may say, though no row says all of it. */
const LONGEST_ROW: SurvivalStatistics = {
  hazard: LONGEST,
  pval: LONGEST,
  log10_pval: LONGEST,
  coef: LONGEST,
  se: LONGEST,
  robust_se: LONGEST,
  z: LONGEST,
  ci95: [LONGEST, LONGEST],
  n: 2 ** 32,
  events: 2 ** 32,
  iterations: 100,
  status: 'not_converged',
  error: 'value 4294967296 is not a finite number',
};

/** The answer is a string of Lambda's own answer, in which every quote is escaped. */
export const MAX_ROW_OCTETS = JSON.stringify(`${JSON.stringify(LONGEST_ROW)},`).length;

/** The text of an answer; what is no finite number is null in it. */
export function answerText(list: readonly SurvivalStatistics[]): string {
  return JSON.stringify({ statistics_list: list });
}
