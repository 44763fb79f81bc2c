import { exp, log } from './functions.ts';
import { absolute, add, divide, multiply, ONE, real, squareRoot, subtract, sum, ZERO } from './real.ts';
import type { Real } from './real.ts';

export interface Subject {
  readonly time: number;
  readonly isEvent: boolean;
  readonly x: Real;
}

/**
 * One term of Efron's likelihood: the k-th of d deaths at one time (Efron 1977). Of each of the d deaths' own hazards
 * the share k/d has gone already.
 */
interface Term {
  readonly time: number;
  /** 1 − k/d: what is left of a death of this time in the risk set. */
  readonly left: Real;
  /** Σ w r over the risk set, r = exp(βx). */
  readonly s0: Real;
  /** Σ w r x / Σ w r. */
  readonly mean: Real;
  /** Σ w r x² / Σ w r − mean². */
  readonly variance: Real;
}

export interface Likelihood {
  readonly value: Real;
  /** First derivative. */
  readonly score: Real;
  /** Minus the second derivative. */
  readonly information: Real;
  /** What the summands of `value` amount to without their signs: 2^−53 of it is what double precision may miss. */
  readonly magnitude: Real;
}

function riskOf(subjects: readonly Subject[], beta: Real): readonly Real[] {
  return subjects.map(({ x }) => exp(multiply(beta, x)));
}

function termsOf(subjects: readonly Subject[], risks: readonly Real[]): readonly Term[] {
  const times = [...new Set(subjects.filter(({ isEvent }) => isEvent).map(({ time }) => time))];
  return times.flatMap((time) => {
    const deaths = subjects.filter((subject) => subject.isEvent && subject.time === time).length;
    return Array.from({ length: deaths }, (_, k): Term => {
      const left = divide(real(BigInt(deaths - k)), real(BigInt(deaths)));
      let s0 = ZERO;
      let s1 = ZERO;
      let s2 = ZERO;
      subjects.forEach((subject, i) => {
        if (subject.time < time) return;
        const isDeath = subject.isEvent && subject.time === time;
        const weight = isDeath ? multiply(left, risks[i]!) : risks[i]!;
        const first = multiply(weight, subject.x);
        s0 = add(s0, weight);
        s1 = add(s1, first);
        s2 = add(s2, multiply(first, subject.x));
      });
      const mean = divide(s1, s0);
      return { time, left, s0, mean, variance: subtract(divide(s2, s0), multiply(mean, mean)) };
    });
  });
}

/** Cox's partial logarithmic likelihood and its derivatives at β (Cox 1972), with Efron's ties. */
export function likelihoodAt(subjects: readonly Subject[], beta: Real): Likelihood {
  const terms = termsOf(subjects, riskOf(subjects, beta));
  const deaths = subjects.filter(({ isEvent }) => isEvent).map(({ x }) => x);
  const logs = terms.map(({ s0 }) => log(s0));
  const exponents = deaths.map((x) => multiply(beta, x));
  return {
    value: subtract(sum(exponents), sum(logs)),
    score: subtract(sum(deaths), sum(terms.map(({ mean }) => mean))),
    information: sum(terms.map(({ variance }) => variance)),
    magnitude: add(ONE, sum([...exponents, ...logs].map(absolute))),
  };
}

/**
 * Every subject's share of the score: its martingale residual, weighted by x − mean. A death has part in the terms of its
 * own time by 1 − k/d, and its own jump is the mean over those terms.
 */
export function scoreResiduals(subjects: readonly Subject[], beta: Real): readonly Real[] {
  const risks = riskOf(subjects, beta);
  const terms = termsOf(subjects, risks);
  return subjects.map((subject, i) => {
    const own = terms.filter(({ time }) => subject.isEvent && time === subject.time);
    const jumps = own.map(({ mean }) => divide(subtract(subject.x, mean), real(BigInt(own.length))));
    const hazards = terms
      .filter(({ time }) => time <= subject.time)
      .map((term) => {
        const share = own.includes(term) ? term.left : ONE;
        const hazard = divide(multiply(share, risks[i]!), term.s0);
        return multiply(hazard, subtract(subject.x, term.mean));
      });
    return subtract(sum(jumps), sum(hazards));
  });
}

/** The sandwich with one cluster a subject (Lin & Wei 1989): √(Σ residual²) / information. */
export function robustError(subjects: readonly Subject[], beta: Real, information: Real): Real {
  const residuals = scoreResiduals(subjects, beta);
  return divide(squareRoot(sum(residuals.map((residual) => multiply(residual, residual)))), information);
}
