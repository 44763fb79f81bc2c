import { expToNumber, LN10, logTwoSidedP, Z_975 } from './functions.ts';
import { mergeTimes } from './merge-times.ts';
import { estimate } from './newton.ts';
import type { Estimate, Pass, Rule } from './newton.ts';
import { robustError } from './partial-likelihood.ts';
import type { Subject } from './partial-likelihood.ts';
import {
  absolute,
  add,
  compare,
  divide,
  fromNumber,
  multiply,
  negate,
  ONE,
  real,
  sign,
  squareRoot,
  subtract,
  sum,
  toNumber,
} from './real.ts';
import type { Real } from './real.ts';

/** Of the information at 0; what is less is a likelihood that has become flat. */
const INFORMATION_LEFT = fromNumber(1e-4);

export interface Problem {
  readonly times: readonly number[];
  readonly events: readonly number[];
  /** null: no value, the subject is left out. */
  readonly values: readonly (number | null)[];
  readonly minEvents: number;
}

/** Every figure to the nearest double; NaN where there is none. */
export interface Figures {
  readonly coef: number;
  readonly hazard: number;
  readonly se: number;
  readonly robustSe: number;
  readonly z: number;
  readonly p: number;
  readonly log10P: number;
  readonly ci95: readonly [number, number];
  readonly iterations: number;
  readonly passes: readonly Pass[];
  /**
   * How many times its own size the information's summands have, at worst of all steps: so much worse is it, and a step
   * that is divided by it, known in double precision.
   */
  readonly cancellation: number;
}

export interface Reference {
  readonly n: number;
  readonly events: number;
  readonly status: 'ok' | 'few_events' | 'constant' | 'no_events' | 'diverged' | 'not_converged';
  readonly figures?: Figures;
}

/** The sandwich below this part of the model's standard error is 0: nothing is left of the residuals. */
const NO_ROBUST_ERROR = fromNumber(1e-12);

/** One predictor's Cox model, from the definitions and with 77 digits. */
export function referenceFit(problem: Problem, rule: Rule = {}): Reference {
  const subjects = subjectsOf(problem);
  const counts = { n: subjects.length, events: subjects.filter(({ isEvent }) => isEvent).length };
  if (counts.events === 0) return { ...counts, status: 'no_events' };
  if (isConstant(subjects)) return { ...counts, status: 'constant' };
  const found = estimate(subjects, rule);
  if (isOneSided(subjects)) return { ...counts, status: 'diverged', figures: stepsOf(found) };
  if (isUnsettled(subjects, found)) return { ...counts, status: 'diverged', figures: stepsOf(found) };
  const figures = figuresOf(subjects, found);
  if (figures.iterations > 20) return { ...counts, status: 'not_converged', figures };
  return { ...counts, status: counts.events < problem.minEvents ? 'few_events' : 'ok', figures };
}

/**
 * Subjects with a value. The likelihood knows differences of the predictor only, so it is taken from its mean: exponents
 * then stay as small as they can be.
 */
export function subjectsOf({ times, events, values }: Problem): readonly Subject[] {
  const known = values.flatMap((value, i) => (value === null ? [] : [{ i, x: fromNumber(value) }]));
  if (known.length === 0) return [];
  const merged = mergeTimes(known.map(({ i }) => times[i]!));
  const mean = divide(sum(known.map(({ x }) => x)), real(BigInt(known.length)));
  return known.map(({ i, x }, at) => ({ time: merged[at]!, isEvent: events[i] === 1, x: subtract(x, mean) }));
}

/** Of a likelihood without a maximum nothing but the steps is defined. */
function stepsOf({ beta, iterations, passes }: Estimate): Figures {
  const none = { hazard: NaN, se: NaN, robustSe: NaN, z: NaN, p: NaN, log10P: NaN, ci95: [NaN, NaN] } as const;
  return { ...none, coef: toNumber(beta), iterations, passes, cancellation: Infinity };
}

function figuresOf(
  subjects: readonly Subject[],
  { beta, likelihood, iterations, passes, cancellation }: Estimate,
): Figures {
  const { information } = likelihood;
  const se = divide(ONE, squareRoot(information));
  const robust = robustError(subjects, beta, information);
  const hasError = compare(robust, multiply(NO_ROBUST_ERROR, se)) > 0;
  const steps = { iterations, passes, cancellation };
  const numbers = { ...steps, coef: toNumber(beta), hazard: expToNumber(beta), se: toNumber(se) };
  if (!hasError) return { ...numbers, robustSe: 0, z: NaN, p: NaN, log10P: NaN, ci95: [NaN, NaN] };
  const z = divide(beta, robust);
  const logP = logTwoSidedP(z);
  const half = multiply(Z_975, robust);
  return {
    ...numbers,
    robustSe: toNumber(robust),
    z: toNumber(z),
    p: expToNumber(logP),
    log10P: toNumber(divide(logP, LN10)),
    ci95: [expToNumber(subtract(beta, half)), expToNumber(add(beta, half))],
  };
}

function eventTimes(subjects: readonly Subject[]): readonly number[] {
  return [...new Set(subjects.filter(({ isEvent }) => isEvent).map(({ time }) => time))];
}

/** No risk set with an event in which the predictor varies: the likelihood is flat. */
export function isConstant(subjects: readonly Subject[]): boolean {
  return eventTimes(subjects).every((time) => {
    const atRisk = subjects.filter((subject) => subject.time >= time);
    return atRisk.every(({ x }) => compare(x, atRisk[0]!.x) === 0);
  });
}

/**
 * Does the likelihood rise towards an infinite β of either sign? So it does if and only if every death has the largest
 * (or every one the smallest) predictor of those at risk: each factor is then monotone.
 */
export function isOneSided(subjects: readonly Subject[]): boolean {
  const isHighest = (flip: (x: Real) => Real): boolean =>
    subjects.every(
      (death) =>
        !death.isEvent || subjects.every(({ time, x }) => time < death.time || compare(flip(x), flip(death.x)) <= 0),
    );
  return isHighest((x) => x) || isHighest(negate);
}

/**
 * The rule stopped on the way to a maximum out of its sight: next to nothing is left of the information, and the next step
 * is still large, beside the estimate and beside the predictor's spread.
 */
function isUnsettled(subjects: readonly Subject[], found: Estimate): boolean {
  const { beta, likelihood, informationAtZero, iterations } = found;
  const { score, information } = likelihood;
  if (iterations > 20 || sign(information) <= 0) return false;
  const next = absolute(divide(score, information));
  const spread = divide(sum(subjects.map(({ x }) => absolute(x))), real(BigInt(subjects.length)));
  const tolerance = fromNumber(1e-9);
  const isBesideSpread = compare(multiply(next, spread), tolerance) > 0;
  const isFlat = compare(information, multiply(INFORMATION_LEFT, informationAtZero)) < 0;
  return isFlat && isBesideSpread && compare(next, multiply(squareRoot(tolerance), absolute(beta))) > 0;
}
