import { exp, log } from './functions.ts';
import { compare, divide, multiply, ONE, real, squareRoot, subtract, sum, toNumber } from './real.ts';
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
  /** Σ w r x² / Σ w r. */
  readonly square: Real;
  /** square − mean². */
  readonly variance: Real;
}

export interface Likelihood {
  readonly value: Real;
  /** First derivative. */
  readonly score: Real;
  /** Minus the second derivative. */
  readonly information: Real;
  /** Σ of the terms' squares: how much larger than their variances they are is what double precision may lose. */
  readonly squares: Real;
  /** Largest exponent βx of those at risk: exp of more than 709.78 is no number in double precision. */
  readonly largest: number;
}

/** A difference of this part of its terms still has 38 of 77 digits. */
const CANCELLED = real(1n, -128);

interface AtRisk extends Subject {
  /** r = exp(βx), r x and r x². */
  readonly r: Real;
  readonly rx: Real;
  readonly rxx: Real;
}

function withRisk(subjects: readonly Subject[], beta: Real): readonly AtRisk[] {
  return subjects.map((subject) => {
    const r = exp(multiply(beta, subject.x));
    const rx = multiply(r, subject.x);
    return { ...subject, r, rx, rxx: multiply(rx, subject.x) };
  });
}

function termsOf(subjects: readonly AtRisk[]): readonly Term[] {
  const times = [...new Set(subjects.filter(({ isEvent }) => isEvent).map(({ time }) => time))];
  return times.flatMap((time) => {
    const atRisk = subjects.filter((subject) => subject.time >= time);
    const deaths = atRisk.filter((subject) => subject.isEvent && subject.time === time);
    const all = [atRisk.map(({ r }) => r), atRisk.map(({ rx }) => rx), atRisk.map(({ rxx }) => rxx)].map(sum);
    const own = [deaths.map(({ r }) => r), deaths.map(({ rx }) => rx), deaths.map(({ rxx }) => rxx)].map(sum);
    return deaths.map((_, k): Term => {
      const gone = divide(real(BigInt(k)), real(BigInt(deaths.length)));
      const [s0, s1, s2] = all.map((total, i) => subtract(total, multiply(gone, own[i]!))) as [Real, Real, Real];
      const mean = divide(s1, s0);
      const left = subtract(ONE, gone);
      const square = divide(s2, s0);
      const difference = subtract(square, multiply(mean, mean));
      // Where one subject outweighs all others the difference leaves few digits: from the deviations then.
      const isCancelled = compare(difference, multiply(square, CANCELLED)) < 0;
      const variance = isCancelled ? divide(squaresAround(mean, atRisk, deaths, left), s0) : difference;
      return { time, left, s0, mean, square, variance };
    });
  });
}

/** Σ w r (x − mean)². */
function squaresAround(mean: Real, atRisk: readonly AtRisk[], deaths: readonly AtRisk[], left: Real): Real {
  const squares = atRisk.map((subject) => {
    const deviation = subtract(subject.x, mean);
    const weight = deaths.includes(subject) ? multiply(left, subject.r) : subject.r;
    return multiply(weight, multiply(deviation, deviation));
  });
  return sum(squares);
}

/** Cox's partial logarithmic likelihood and its derivatives at β (Cox 1972), with Efron's ties. */
export function likelihoodAt(subjects: readonly Subject[], beta: Real): Likelihood {
  const terms = termsOf(withRisk(subjects, beta));
  const deaths = subjects.filter(({ isEvent }) => isEvent).map(({ x }) => x);
  const logs = terms.map(({ s0 }) => log(s0));
  const first = Math.min(...terms.map(({ time }) => time));
  const exponents = deaths.map((x) => multiply(beta, x));
  return {
    value: subtract(sum(exponents), sum(logs)),
    score: subtract(sum(deaths), sum(terms.map(({ mean }) => mean))),
    information: sum(terms.map(({ variance }) => variance)),
    squares: sum(terms.map(({ square }) => square)),
    largest: Math.max(...subjects.filter(({ time }) => time >= first).map(({ x }) => toNumber(multiply(beta, x)))),
  };
}

/**
 * Every subject's share of the score: its martingale residual, weighted by x − mean. A death has part in the terms of its
 * own time by 1 − k/d, and its own jump is the mean over those terms.
 */
export function scoreResiduals(subjects: readonly Subject[], beta: Real): readonly Real[] {
  const atRisk = withRisk(subjects, beta);
  const terms = termsOf(atRisk);
  return atRisk.map((subject) => {
    const own = terms.filter(({ time }) => subject.isEvent && time === subject.time);
    const jumps = own.map(({ mean }) => divide(subtract(subject.x, mean), real(BigInt(own.length))));
    const hazards = terms
      .filter(({ time }) => time <= subject.time)
      .map((term) => {
        const share = own.includes(term) ? term.left : ONE;
        const hazard = divide(multiply(share, subject.r), term.s0);
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
