import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import type { SurvivalStatistics } from '../../src/survival/index.ts';
import { latticeRequest } from './problem-arbitrary.ts';

const RUNS = { numRuns: process.env['TRUEUP_THOROUGH'] ? 1000 : 200 };

/** Another order of sums, or another mean that is taken off: rounding, times what cancels in the information. */
const ROUNDING = 1e-8;

interface Change {
  /** What the predictor was multiplied by. */
  readonly factor?: number;
  readonly n?: number;
}

/** Test statistics are the same; estimates are in the new unit. Of what has no maximum, only the status is defined. */
function expectSame(found: SurvivalStatistics, before: SurvivalStatistics, { factor = 1, n }: Change = {}): void {
  expect(found).toMatchObject({ status: before.status, events: before.events, n: n ?? before.n });
  if (before.status !== 'ok' && before.status !== 'few_events') return;
  expect(found.iterations).toBe(before.iterations);
  const se = before.se! / Math.abs(factor);
  expectNear(found.se, se, se);
  expectNear(found.robust_se, before.robust_se! / Math.abs(factor), se);
  expectNear(found.coef, before.coef! / factor, se);
  expectNear(found.hazard, Math.exp(found.coef!), Math.exp(found.coef!));
  expect(found.z === null).toBe(before.z === null);
  if (before.z === null) return;
  const z = Math.abs(before.z);
  expectNear(found.z, Math.sign(factor) * before.z, 1 + z);
  expectNear(found.log10_pval, before.log10_pval!, (1 + z) ** 2);
  expectNear(found.pval, before.pval!, before.pval! * (1 + z) ** 2);
}

function expectNear(found: number | null, expected: number, unit: number): void {
  expect(Math.abs(found! - expected)).toBeLessThanOrEqual(ROUNDING * unit + 1e-320);
}

function expectAllSame(
  found: readonly SurvivalStatistics[],
  before: readonly SurvivalStatistics[],
  change: Change = {},
): void {
  expect(found.length).toBe(before.length);
  found.forEach((row, i) => {
    expectSame(row, before[i]!, change);
  });
}

describe('a Cox model of one predictor', () => {
  it('does not depend on the order of subjects', () => {
    const shuffled = latticeRequest.chain((request) =>
      fc.tuple(
        fc.constant(request),
        fc.shuffledSubarray(
          request.times.map((_, i) => i),
          { minLength: request.times.length },
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([request, order]) => {
        const { times, events, values } = request;
        const reorder = <T>(list: readonly T[]): T[] => order.map((i) => list[i]!);
        const other = { times: reorder(times), events: reorder(events), values: values.map(reorder) };
        expectAllSame(fitCox(other), fitCox(request));
      }),
      RUNS,
    );
  });

  it('does not depend on where the predictor has its zero', () => {
    fc.assert(
      fc.property(latticeRequest, fc.integer({ min: -(10 ** 6), max: 10 ** 6 }), (request, shift) => {
        const values = request.values.map((row) => row.map((x) => x! + shift));
        expectAllSame(fitCox({ ...request, values }), fitCox(request));
      }),
      RUNS,
    );
  });

  it('has estimates in the unit of the predictor, and tests that know no unit', () => {
    fc.assert(
      fc.property(latticeRequest, fc.integer({ min: -900, max: 900 }), (request, exponent) => {
        const factor = 2 ** exponent;
        const values = request.values.map((row) => row.map((x) => x! * factor));
        const before = fitCox(request);
        fitCox({ ...request, values }).forEach((found, i) => {
          expectScaled(found, before[i]!, factor);
        });
      }),
      RUNS,
    );
  });

  it('has the same estimate with the other sign for the negated predictor', () => {
    fc.assert(
      fc.property(latticeRequest, (request) => {
        const values = request.values.map((row) => row.map((x) => -x!));
        expectAllSame(fitCox({ ...request, values }), fitCox(request), { factor: -1 });
      }),
      RUNS,
    );
  });

  it('knows nothing of times but their order', () => {
    fc.assert(
      fc.property(
        latticeRequest,
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 21, maxLength: 21 }),
        (request, gaps) => {
          const times = request.times.map((time) => gaps.slice(0, time + 1).reduce((total, gap) => total + gap, 0));
          expect(fitCox({ ...request, times })).toEqual(fitCox(request));
        },
      ),
      RUNS,
    );
  });

  it('is the same alone and among others, whatever the chunk', () => {
    fc.assert(
      fc.property(latticeRequest, (request) => {
        const alone = request.values.flatMap((row) => fitCox({ ...request, values: [row] }));
        expect(alone).toEqual(fitCox(request));
        expect(fitCox({ ...request, values: request.values.toReversed() })).toEqual(alone.toReversed());
      }),
      RUNS,
    );
  });

  it('leaves out a subject without a value, as if it were not there', () => {
    const withOut = latticeRequest.chain((request) =>
      fc.tuple(fc.constant(request), fc.nat({ max: request.times.length - 1 })),
    );
    fc.assert(
      fc.property(withOut, ([{ times, events, values }, out]) => {
        const without = <T>(list: readonly T[]): T[] => list.filter((_, i) => i !== out);
        fc.pre(without(events).includes(1));
        const some = values.map((row) => row.map((x, i) => (i === out ? null : x)));
        const fewer = { times: without(times), events: without(events), values: values.map(without) };
        expect(fitCox({ times, events, values: some })).toEqual(fitCox(fewer));
      }),
      RUNS,
    );
  });

  it('learns nothing from who was censored before the first event', () => {
    fc.assert(
      fc.property(latticeRequest, fc.integer({ min: -64, max: 64 }), (request, x) => {
        const times = [...request.times.map((time) => time + 1), 0];
        const more = { times, events: [...request.events, 0], values: request.values.map((row) => [...row, x]) };
        expectAllSame(fitCox(more), fitCox(request), { n: times.length });
      }),
      RUNS,
    );
  });
});

/** Of the unit of the predictor nothing but the unit of the estimates comes, to the last bit or nearly. */
function expectScaled(found: SurvivalStatistics, before: SurvivalStatistics, factor: number): void {
  expect(found).toMatchObject({ status: before.status, events: before.events, n: before.n });
  if (before.status !== 'ok' && before.status !== 'few_events') return;
  expect(found.iterations).toBe(before.iterations);
  const se = before.se!;
  expectNear(found.se! * factor, se, se);
  expectNear(found.robust_se! * factor, before.robust_se!, se);
  expectNear(found.coef! * factor, before.coef!, se);
  expect(found.z === null).toBe(before.z === null);
  if (before.z === null) return;
  const z = Math.abs(before.z);
  expectNear(found.z, before.z, 1 + z);
  expectNear(found.log10_pval, before.log10_pval!, (1 + z) ** 2);
}
