import { describe, expect, it } from 'vitest';
import { readEdgeCases } from '../data.ts';
import { referenceFit } from './cox.ts';
import type { Problem } from './cox.ts';
import { log } from './functions.ts';
import { mergeTimes } from './merge-times.ts';
import { likelihoodAt, scoreResiduals } from './partial-likelihood.ts';
import type { Subject } from './partial-likelihood.ts';
import { add, divide, fromNumber, multiply, ONE, real, squareRoot, subtract, sum, toNumber } from './real.ts';
import type { Real } from './real.ts';

const subject = (time: number, event: 0 | 1, x: number): Subject => ({ time, isEvent: event === 1, x: fromNumber(x) });
const logRoot = (m: bigint): Real => log(squareRoot(real(m)));
const share = (part: Real, whole: Real): Real => divide(part, whole);
/** p (1 − p) */
const variance = (p: Real): Real => multiply(p, subtract(ONE, p));

function expectNothing(value: Real): void {
  expect(Math.abs(toNumber(value))).toBeLessThan(1e-70);
}

describe('the reference, where the answer is known in closed form', () => {
  // Factors 1/(2 + r) and r/(1 + r): the maximum is at r² = 2.
  const distinct = [subject(1, 1, 0), subject(2, 1, 1), subject(3, 1, 0)];
  // Efron's factors r/((2 + r) (2 + r − (1 + r)/2)): the maximum is at r² = 6.
  const tied = [subject(1, 1, 0), subject(1, 1, 1), subject(2, 0, 0)];

  it('has no score at the maximum, and the information of its two factors, without ties', () => {
    const r = squareRoot(real(2n));
    const { score, information, value } = likelihoodAt(distinct, logRoot(2n));
    const [first, second] = [share(r, add(real(2n), r)), share(r, add(ONE, r))];
    expectNothing(score);
    expectNothing(subtract(information, add(variance(first), variance(second))));
    expectNothing(subtract(value, log(multiply(share(ONE, add(real(2n), r)), second))));
  });

  it('has no score at the maximum, and the information of its two factors, with ties', () => {
    const r = squareRoot(real(6n));
    const { score, information } = likelihoodAt(tied, logRoot(6n));
    const factors = [share(r, add(real(2n), r)), share(r, add(real(3n), r))];
    expectNothing(score);
    expectNothing(subtract(information, sum(factors.map(variance))));
  });

  it('has residuals whose sum is the score, and those of Efron where deaths are tied', () => {
    for (const subjects of [distinct, tied, [...distinct, ...tied]]) {
      const beta = fromNumber(0.3);
      expectNothing(subtract(sum(scoreResiduals(subjects, beta)), likelihoodAt(subjects, beta).score));
    }
    // At β = 0: terms with risk sums 3 and 2, means 1/3 and (1 − 1/2)/2 = 1/4.
    const expected = [-(1 / 3 + 1 / 4) / 2 + 1 / 9 + 1 / 16, (2 / 3 + 3 / 4) / 2 - 2 / 9 - 3 / 16, 1 / 9 + 1 / 8];
    scoreResiduals(tied, fromNumber(0)).forEach((residual, i) => {
      expect(toNumber(residual)).toBeCloseTo(expected[i]!, 15);
    });
  });

  it('stops where the rule says, which is not the maximum', () => {
    const { figures } = referenceFit({ times: [1, 2, 3], events: [1, 1, 1], values: [0, 1, 0], minEvents: 1 });
    const error = Math.abs(figures!.coef - Math.log(2) / 2);
    expect(error).toBeLessThan(1e-4);
    expect(figures!.passes.map(({ change }) => change <= 1e-9)).toEqual([
      ...Array<boolean>(figures!.iterations - 1).fill(false),
      true,
    ]);
  });
});

/** Of 20 to 60 subjects, where R is right to the last digits: ties, few events, halved steps. */
const SMALL = ['two-events', 'all-one-time-half-events', 'halving-1', 'halving-3', 'events-all-one-tied-pairs'];

describe("R's figures", () => {
  it.each(SMALL)('of %s are those of the reference, to what double precision leaves', (name) => {
    const { R, times, events, values } = readEdgeCases().cases.find((found) => found.name === name)!;
    const { figures } = referenceFit({ times, events, values: values as readonly number[], minEvents: 1 });
    const { coef, se, robustSe, z, p, iterations } = figures!;
    expect(iterations).toBe(R.coxph!.iter);
    const pairs = [
      [coef, R.coxph!.coef],
      [se, R.coxph!.se_naive],
      [robustSe, R.coxph!.se_robust],
      [z, R.coxph!.z],
      [p, R.coxph!.p],
    ] as const;
    for (const [here, there] of pairs) expect(Math.abs(here / Number(there) - 1)).toBeLessThan(1e-13);
  });
});

describe('statuses of the reference', () => {
  const problem = (changes: Partial<Problem>): Problem => ({
    times: [1, 2, 3, 4],
    events: [1, 1, 0, 1],
    values: [0, 2, 1, 3],
    minEvents: 1,
    ...changes,
  });

  it.each<[string, Partial<Problem>]>([
    ['ok', {}],
    ['few_events', { minEvents: 4 }],
    ['no_events', { values: [null, null, 1, null] }],
    ['constant', { values: [0.1, 0.1, 0.1, 0.1] }],
    ['constant', { events: [0, 0, 0, 1] }],
    ['constant', { values: [1, 2, 2, 2], events: [0, 1, 0, 1] }],
    ['diverged', { values: [4, 3, 1, 2] }],
    ['diverged', { values: [1, 1, 2, 2], events: [1, 1, 0, 0] }],
    // There is a maximum, and the likelihood is too flat for the rule to get there; and just not so.
    ['diverged', { times: [0, 0, 0], events: [1, 0, 0], values: [-1e-8, 0, -1] }],
    ['ok', { times: [0, 0, 0], events: [1, 0, 0], values: [-1e-7, 0, -1] }],
  ])('%s of %o', (status, changes) => {
    expect(referenceFit(problem(changes)).status).toBe(status);
  });
});

describe('times that are one', () => {
  it('are those of a chain whose gaps are in the tolerance, absolutely or relative to the mean', () => {
    expect(mergeTimes([1, 1 + 1e-8, 1 + 2e-8, 1.1])).toEqual([1, 1, 1, 1.1]);
    expect(mergeTimes([1, 1 + 2e-8])).toEqual([1, 1 + 2e-8]);
    expect(mergeTimes([1e6, 1e6 + 0.01, 1e6 + 0.03])).toEqual([1e6, 1e6, 1e6 + 0.03]);
    expect(mergeTimes([2e-9, 1e-9, 0])).toEqual([0, 0, 0]);
    expect(mergeTimes([2 ** -26, 0, 2 ** -25 + 2 ** -60])).toEqual([0, 0, 2 ** -25 + 2 ** -60]);
  });
});
