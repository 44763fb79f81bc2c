import type { SurvivalStatistics } from '../../../src/survival/index.ts';
import { referenceFit } from './cox.ts';
import type { Figures, Problem, Reference } from './cox.ts';
import type { Rule } from './newton.ts';

/**
 * What figures may differ by, relative to themselves. The information is a difference of squares, so that it and what is
 * divided by it lose as many digits as the squares are larger: `cancellation`. Double precision leaves some 1e-16 for every
 * summand; up to a hundred of them partly cancel.
 */
const PER_CANCELLATION = 4e-15;
/** No more than this, but where the terms cancel so many digits that less than this is left. */
const RELATIVE = 1e-10;
const BEYOND = 1e-15;
/** Of an estimate near 0, relative to its standard error: what the rounding of a score near 0 makes of it. */
const NEAR_ZERO = 1e-12;

/** ln of the largest double. */
const EXPONENT_LIMIT = Math.log(Number.MAX_VALUE);
/** ln of what a sum over 40 squares of a centred and scaled predictor may add to an exponent. */
const OVERFLOW_MARGIN = Math.log(40 ** 3);

export interface Agreement {
  /** What differs, one line each; empty where nothing does. */
  readonly differences: readonly string[];
  readonly status: Reference['status'];
}

/** Holds an answer against the reference, by the rule unless another is given. */
export function compareToReference(problem: Problem, answer: SurvivalStatistics, rule: Rule = {}): Agreement {
  const reference = referenceFit(problem, rule);
  return { differences: differencesOf(reference, answer), status: reference.status };
}

function differencesOf(reference: Reference, answer: SurvivalStatistics): readonly string[] {
  const { status, n, events, figures } = reference;
  // On the way to infinity risks leave the range of doubles at either end, and the steps from there on are nobody's.
  const isBeyond = figures?.passes.some(({ largest }) => Math.abs(largest) > EXPONENT_LIMIT - OVERFLOW_MARGIN) ?? false;
  const isCounted = figures !== undefined && !(status === 'diverged' && isBeyond);
  const iterations = isCounted ? figures.iterations : answer.iterations;
  const counts = { status, n, events, iterations } as const;
  const different = Object.entries(counts)
    .filter(([name, value]) => answer[name as keyof typeof counts] !== value)
    .map(([name, value]) => `${name}: ${answer[name as keyof typeof counts]}, and the reference has ${value}`);
  if (figures === undefined || status === 'diverged') return different;
  return [...different, ...figuresThatDiffer(status === 'not_converged' ? withoutTest(figures) : figures, answer)];
}

/** Of an estimate that the rule did not reach, nothing is tested. */
function withoutTest(figures: Figures): Figures {
  return { ...figures, z: NaN, p: NaN, log10P: NaN, ci95: [NaN, NaN] };
}

function figuresThatDiffer(figures: Figures, answer: SurvivalStatistics): readonly string[] {
  const { coef, se, robustSe, z, p, log10P, ci95, hazard, cancellation, iterations } = figures;
  const rounding = cancellation * PER_CANCELLATION;
  const relative = Math.max(Math.min(rounding, RELATIVE), cancellation * BEYOND);
  const nearZero = Math.min(rounding, NEAR_ZERO);
  // Residuals are differences of terms of the size of the model's error.
  const ofRobust = relative * robustSe + nearZero * se;
  const ofZ = (ofRobust / robustSe) * Math.abs(z) + nearZero * (se / robustSe);
  // At the maximum the next step takes an error back; where the steps ran out each has left its own.
  const ofSteps = iterations > 20 ? relative : Math.min(rounding, RELATIVE);
  const ofCoef = ofSteps * Math.abs(coef) + nearZero * se;
  // A relative error e of z is one of about z² e in p (and of e |z| below 1).
  const ofP = (Math.abs(z) + 1) * ofZ;
  const limit = ofCoef + 2 * ofRobust;
  const rows: readonly (readonly [string, number | null, number, number])[] = [
    ['coef', answer.coef, coef, ofCoef],
    ['hazard', answer.hazard, hazard, hazard * ofCoef + hazard * 4e-16],
    ['se', answer.se, se, relative * se],
    ['robust_se', answer.robust_se, robustSe, ofRobust],
    ['z', answer.z, z, ofZ],
    ['pval', answer.pval, p, p * ofP],
    ['log10_pval', answer.log10_pval, log10P, ofP],
    ['ci95[0]', answer.ci95[0], ci95[0], ci95[0] * limit + ci95[0] * 4e-16],
    ['ci95[1]', answer.ci95[1], ci95[1], ci95[1] * limit + ci95[1] * 4e-16],
  ];
  return rows
    .filter(([, found, expected, tolerance]) => !isWithin(found, expected, tolerance))
    .map(([name, found, expected]) => `${name}: ${found}, and the reference has ${expected}`);
}

/** null is what there is none of, and what is too large for a number. */
function isWithin(found: number | null, expected: number, tolerance: number): boolean {
  if (found === null) return !Number.isFinite(expected) || expected > Math.exp(EXPONENT_LIMIT - 1e-6);
  if (!Number.isFinite(expected)) return expected === Infinity && found > Math.exp(EXPONENT_LIMIT - 1e-6);
  // Denormals have fewer digits.
  return Math.abs(found - expected) <= tolerance + 2 ** -1073;
}
