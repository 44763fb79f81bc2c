import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCox, SurvivalError } from '../../src/survival/index.ts';
import type { SurvivalStatistics, SurvivalStatus } from '../../src/survival/index.ts';
import { nastyRequest } from './problem-arbitrary.ts';
import type { Request } from './problem-arbitrary.ts';
import { isConstant, isOneSided, referenceFit, subjectsOf } from './reference/cox.ts';

const RUNS = { numRuns: process.env['TRUEUP_THOROUGH'] ? 2000 : 300 };
const STATUSES: readonly SurvivalStatus[] = [
  'ok',
  'few_events',
  'constant',
  'no_events',
  'diverged',
  'not_converged',
  'invalid',
];
const FIGURES = ['hazard', 'pval', 'log10_pval', 'coef', 'se', 'robust_se', 'z'] as const;
/** With an estimate; and with a test of it, where its robust standard error is not 0. */
const ESTIMATED = ['ok', 'few_events', 'diverged', 'not_converged'];
const TESTED = ['ok', 'few_events'];

function expectLaws(row: SurvivalStatistics, minEvents: number): void {
  const { hazard, pval, log10_pval: log10P, coef, se, robust_se: robustSe, z, ci95, status, iterations } = row;
  expect(STATUSES).toContain(status);
  for (const figure of [...FIGURES.map((name) => row[name]), ...ci95]) {
    expect(figure === null || Number.isFinite(figure)).toBe(true);
  }
  expect(row.error === undefined).toBe(status !== 'invalid');
  expect(Number.isInteger(iterations) && iterations >= 0 && iterations <= 21).toBe(true);
  if (!ESTIMATED.includes(status))
    expect([hazard, pval, log10P, coef, se, robustSe, z, ...ci95]).toEqual(Array(9).fill(null));
  if (!TESTED.includes(status)) expect([pval, log10P, z, ...ci95]).toEqual([null, null, null, null, null]);
  if (TESTED.includes(status)) expect(row.events >= minEvents).toBe(status === 'ok');
  expect(pval === null).toBe(z === null);
  expect(log10P === null).toBe(z === null);
  // An estimate may be too large for a number where its test is not.
  if (z !== null) expect(robustSe === null || robustSe > 0).toBe(true);
  if (pval !== null) expect(pval >= 0 && pval <= 1 && log10P! <= 0).toBe(true);
  if (pval !== null && pval > 1e-300) expect(Math.abs(log10P! - Math.log10(pval))).toBeLessThan(1e-9);
  for (const size of [hazard, se, robustSe, ...ci95]) expect(size === null || size >= 0).toBe(true);
  const [low, high] = ci95;
  if (low !== null && hazard !== null) expect(low).toBeLessThanOrEqual(hazard);
  if (high !== null && hazard !== null) expect(high).toBeGreaterThanOrEqual(hazard);
}

/** Statuses that follow from the definitions without a computation. */
function expectStatus(request: Request, index: number, row: SurvivalStatistics): void {
  const values = request.values[index]!;
  const isValid = values.every((value) => value === null || Number.isFinite(value));
  expect(row.status === 'invalid').toBe(!isValid);
  if (!isValid) return;
  const subjects = subjectsOf({ ...request, values, minEvents: 1 });
  const events = subjects.filter(({ isEvent }) => isEvent).length;
  expect(row).toMatchObject({ n: subjects.length, events });
  expect(row.status === 'no_events').toBe(events === 0);
  if (events === 0 || !isResolved(values, BITS_OF_REFERENCE)) return;
  expect(row.status === 'constant').toBe(isConstant(subjects));
  if (row.status === 'constant') return;
  if (isOneSided(subjects)) expect(row.status).toBe('diverged');
  // The other reason for it is a matter of computation.
  else if (row.status === 'diverged' && isResolved(values, BITS_OF_DOUBLES))
    expect(referenceFit({ ...request, values, minEvents: 1 }).status).toBe('diverged');
}

/** So much smaller than an outlier a difference may be, lest taking values from their mean makes two of them one. */
const BITS_OF_REFERENCE = 240;
const BITS_OF_DOUBLES = 50;

/** Do different values stay different where a computation of so many bits takes them from their mean? */
function isResolved(values: readonly (number | null)[], bits: number): boolean {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const size = Math.max(...sorted.map(Math.abs));
  return sorted.every((value, i) => i === 0 || value === sorted[i - 1] || value - sorted[i - 1]! > size * 2 ** -bits);
}

function withoutSignedZero(row: SurvivalStatistics): SurvivalStatistics {
  return {
    ...row,
    coef: row.coef === 0 ? 0 : row.coef,
    z: row.z === 0 ? 0 : row.z,
    log10_pval: row.log10_pval === 0 ? 0 : row.log10_pval,
  };
}

describe('whatever is sent', () => {
  it('has finite figures or null, a status of the closed list, and the laws between them', () => {
    fc.assert(
      fc.property(nastyRequest, fc.integer({ min: 0, max: 10 }), (request, minEvents) => {
        const rows = fitCox({ ...request, minEvents });
        expect(rows.length).toBe(request.values.length);
        for (const row of rows) expectLaws(row, minEvents);
      }),
      RUNS,
    );
  });

  it('has the status that follows from its definition', () => {
    fc.assert(
      fc.property(nastyRequest, (request) => {
        fitCox(request).forEach((row, i) => {
          expectStatus(request, i, row);
        });
      }),
      RUNS,
    );
  });

  it('is the same after a way through JSON', () => {
    fc.assert(
      fc.property(nastyRequest, (request) => {
        const rows = fitCox(request);
        const text = JSON.stringify(rows);
        // JSON.stringify writes −0 as 0, and every other number so that it comes back.
        expect(JSON.parse(text)).toEqual(rows.map(withoutSignedZero));
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it('may come in typed arrays', () => {
    fc.assert(
      fc.property(nastyRequest, ({ times, events, values }) => {
        const full = values.filter((row) => !row.includes(null)) as number[][];
        const typed = full.map((row) => Float64Array.from(row));
        expect(fitCox({ times: Float64Array.from(times), events: Uint8Array.from(events), values: typed })).toEqual(
          fitCox({ times, events, values: full }),
        );
      }),
      RUNS,
    );
  });

  it.each<[string, Partial<Record<keyof Request, unknown>>, SurvivalError['field']]>([
    ['no subjects', { times: [], events: [], values: [[]] }, 'events'],
    ['fewer events than times', { events: [1, 0] }, 'events'],
    [
      'a ragged row',
      {
        values: [
          [1, 2, 3],
          [1, 2],
        ],
      },
      'values',
    ],
    ['an event of 2', { events: [1, 2, 0] }, 'events'],
    ['an event of NaN', { events: [1, NaN, 0] }, 'events'],
    ['no event', { events: [0, 0, 0] }, 'events'],
    ['a negative time', { times: [1, -1, 2] }, 'times'],
    ['an infinite time', { times: [1, Infinity, 2] }, 'times'],
    ['a time that is no number', { times: [1, NaN, 2] }, 'times'],
  ])('is refused as a whole for %s, and the field is named', (_name, changes, field) => {
    const request = { times: [1, 2, 3], events: [1, 1, 0], values: [[1, 2, 3]], ...changes } as unknown as Request;
    expect(() => fitCox(request)).toThrow(SurvivalError);
    expect(() => fitCox(request)).toThrow(expect.objectContaining({ field }));
  });
});
