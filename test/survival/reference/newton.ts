import { absolute, add, compare, divide, multiply, ONE, real, sign, subtract, toNumber, ZERO } from './real.ts';
import type { Real } from './real.ts';
import { likelihoodAt } from './partial-likelihood.ts';
import type { Likelihood, Subject } from './partial-likelihood.ts';

const TOLERANCE = 1e-9;
const MOST_STEPS = 20;
/** ln of the largest double. */
const LARGEST_EXPONENT = Math.log(Number.MAX_VALUE);

export interface Pass {
  /** |1 − ll_old/ll_new|, that is held against 1e-9. */
  readonly change: number;
  /** Are the risks beyond the numbers of double precision? Then the rule draws the candidate back. */
  readonly isOverflow: boolean;
  /** Largest exponent of those at risk. */
  readonly largest: number;
}

/** Another decision than R's. */
export interface Rule {
  /** Risks may have any size. */
  readonly isUnlimited?: boolean;
}

export interface Estimate {
  readonly beta: Real;
  readonly likelihood: Likelihood;
  readonly informationAtZero: Real;
  /** 21 where 20 steps were not enough. */
  readonly iterations: number;
  readonly passes: readonly Pass[];
  /** Of all steps, the largest `squares` over `information`. */
  readonly cancellation: number;
}

/**
 * Newton's method with R's stopping rule: from 0; converged when the likelihood changes by no more than 1e-9 of itself,
 * and then the newest β counts; a likelihood that falls, or is no number of double precision with the
 * predictor taken from its mean, draws the candidate back towards the β it came from; after 20
 * steps the last accepted β counts.
 */
export function estimate(subjects: readonly Subject[], { isUnlimited = false }: Rule = {}): Estimate {
  const passes: Pass[] = [];
  let worst = 1;
  let beta = ZERO;
  let at = likelihoodAt(subjects, beta);
  const informationAtZero = at.information;
  let candidate = stepFrom(at);
  let halvings = 0n;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const next = likelihoodAt(subjects, candidate);
    const pass = passOf(at, next);
    worst = Math.max(worst, cancellationOf(next));
    passes.push(pass);
    const isOverflow = pass.isOverflow && !isUnlimited;
    if (!isOverflow && pass.change <= TOLERANCE) {
      return { beta: candidate, likelihood: next, informationAtZero, iterations: step, passes, cancellation: worst };
    }
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
  return { beta, likelihood: at, informationAtZero, iterations: MOST_STEPS + 1, passes, cancellation: worst };
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
  // Of a likelihood of 1 nothing is a small part.
  const change = sign(next.value) === 0 ? Infinity : toNumber(absolute(subtract(ONE, divide(old.value, next.value))));
  return { isOverflow, largest, change };
}
