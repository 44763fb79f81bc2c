import { absolute, add, compare, divide, multiply, ONE, real, sign, subtract, toNumber, ZERO } from './real.ts';
import type { Real } from './real.ts';
import { likelihoodAt } from './partial-likelihood.ts';
import type { Likelihood, Subject } from './partial-likelihood.ts';

const TOLERANCE = 1e-9;
const MOST_STEPS = 20;
/** ln of the largest double. */
const LARGEST_EXPONENT = Math.log(Number.MAX_VALUE);

/** What one step decided on, and how clear the case was. */
export interface Pass {
  /** |1 − ll_old/ll_new|, that is held against 1e-9. */
  readonly change: number;
  /** ll_new − ll_old, relative to ll_new: below 0 the step is halved. */
  readonly rise: number;
  /** Are the risks beyond the numbers of double precision? Then the rule draws the candidate back too. */
  readonly isOverflow: boolean;
  /** Largest exponent of those at risk. */
  readonly largest: number;
  /** How far off double precision may see either of them: rounding of the likelihoods' summands. */
  readonly blur: number;
}

/** Other decisions than the rule's. */
export interface Rule {
  /** Stops at this step and no other. */
  readonly stopAt?: number;
  /** Risks may have any size. */
  readonly isUnlimited?: boolean;
}

export interface Estimate {
  readonly beta: Real;
  readonly likelihood: Likelihood;
  /** 21 where 20 steps were not enough. */
  readonly iterations: number;
  readonly passes: readonly Pass[];
  /** Of all steps, the largest `squares` over `information`. */
  readonly cancellation: number;
}

/** Figures at another β than the rule's. */
export function estimateAt(subjects: readonly Subject[], beta: Real, iterations: number): Estimate {
  const likelihood = likelihoodAt(subjects, beta);
  return { beta, likelihood, iterations, passes: [], cancellation: cancellationOf(likelihood) };
}

/**
 * Newton's method with R's stopping rule: from 0; converged when the likelihood changes by no more than 1e-9 of itself,
 * and then the newest β counts; a likelihood that falls, or is no number of double precision with the
 * predictor taken from its mean, draws the candidate back towards the β it came from; after 20
 * steps the last accepted β counts.
 */
export function estimate(subjects: readonly Subject[], { stopAt, isUnlimited = false }: Rule = {}): Estimate {
  const passes: Pass[] = [];
  let worst = 1;
  let beta = ZERO;
  let at = likelihoodAt(subjects, beta);
  let candidate = stepFrom(at);
  let halvings = 0n;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const next = likelihoodAt(subjects, candidate);
    const pass = passOf(at, next);
    worst = Math.max(worst, cancellationOf(next));
    passes.push(pass);
    const isOverflow = pass.isOverflow && !isUnlimited;
    const isConverged = stopAt === undefined ? !isOverflow && pass.change <= TOLERANCE : step === stopAt;
    if (isConverged) return { beta: candidate, likelihood: next, iterations: step, passes, cancellation: worst };
    if (isOverflow || compare(next.value, at.value) < 0) {
      halvings += 1n;
      candidate = divide(add(candidate, multiply(real(halvings), beta)), real(halvings + 1n));
    } else {
      halvings = 0n;
      beta = candidate;
      at = next;
      candidate = add(beta, stepFrom(at));
    }
  }
  return { beta, likelihood: at, iterations: MOST_STEPS + 1, passes, cancellation: worst };
}

/** Nothing is left of a one-sided likelihood where all its exponents are beyond 77 digits: no step then. */
function stepFrom({ score, information }: Likelihood): Real {
  return sign(information) > 0 ? divide(score, information) : ZERO;
}

function cancellationOf({ squares, information }: Likelihood): number {
  return sign(information) > 0 ? toNumber(divide(squares, information)) : Infinity;
}

function passOf(old: Likelihood, next: Likelihood): Pass {
  const { largest } = next;
  const isOverflow = largest > LARGEST_EXPONENT;
  if (sign(next.value) === 0) return { isOverflow, largest, change: Infinity, rise: Infinity, blur: Infinity };
  const rounding = multiply(add(old.magnitude, next.magnitude), real(1n, -53));
  return {
    isOverflow,
    largest,
    change: toNumber(absolute(subtract(ONE, divide(old.value, next.value)))),
    rise: toNumber(divide(subtract(next.value, old.value), absolute(next.value))),
    blur: toNumber(divide(rounding, absolute(next.value))),
  };
}
