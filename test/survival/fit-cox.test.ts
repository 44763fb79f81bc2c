import { describe, expect, it } from 'vitest';
import { fitCox, SurvivalError } from '../../src/survival/index.ts';
import type { SurvivalProblem } from '../../src/survival/index.ts';

const GOOD = { times: [1, 2, 3, 4], events: [1, 0, 1, 1], values: [[3, 1, 2, 5]] } satisfies SurvivalProblem;

function faultOf(problem: unknown): SurvivalError {
  try {
    fitCox(problem as SurvivalProblem);
  } catch (error) {
    if (error instanceof SurvivalError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a fault of the whole problem', () => {
  it.each([
    {
      change: { times: [1, 2, 3] },
      field: 'events',
      message: 'events has 4 entries, times has 3; they are of the same subjects',
    },
    {
      change: { times: [1, 2, -1, 4] },
      field: 'times',
      index: 2,
      message: 'times[2] is not a finite number of 0 or more',
    },
    {
      change: { times: [1, Number.NaN, 1, 4] },
      field: 'times',
      index: 1,
      message: 'times[1] is not a finite number of 0 or more',
    },
    {
      change: { times: [1, 2, 3, 1 / 0] },
      field: 'times',
      index: 3,
      message: 'times[3] is not a finite number of 0 or more',
    },
    {
      change: { times: ['1', 2, 3, 4] },
      field: 'times',
      index: 0,
      message: 'times[0] is not a finite number of 0 or more',
    },
    {
      change: { times: [1, null, 3, 4] },
      field: 'times',
      index: 1,
      message: 'times[1] is not a finite number of 0 or more',
    },
    { change: { times: 7 }, field: 'times', message: 'times is not a list of numbers' },
    { change: { times: undefined }, field: 'times', message: 'times is not a list of numbers' },
    {
      change: { events: [1, 0, 2, 1] },
      field: 'events',
      index: 2,
      message: 'events[2] is neither 0 (censored) nor 1 (event)',
    },
    {
      change: { events: [true, 0, 1, 1] },
      field: 'events',
      index: 0,
      message: 'events[0] is neither 0 (censored) nor 1 (event)',
    },
    {
      change: { events: [1, 0, null, 1] },
      field: 'events',
      index: 2,
      message: 'events[2] is neither 0 (censored) nor 1 (event)',
    },
    {
      change: { events: [0, 0, 0, 0] },
      field: 'events',
      message: '0 of 4 samples have an event; at least 1 is needed',
    },
    { change: { events: 'none' }, field: 'events', message: 'events is not a list of numbers' },
    {
      change: { times: [], events: [], values: [] },
      field: 'events',
      message: '0 of 0 samples have an event; at least 1 is needed',
    },
    {
      change: {
        values: [
          [1, 2, 3, 4],
          [1, 2, 3],
        ],
      },
      field: 'values',
      row: 1,
      message: 'values[1] has 3 entries, times has 4',
    },
    { change: { values: [[1, 2, 3, 4], null] }, field: 'values', row: 1, message: 'values[1] is not a list' },
    { change: { values: 'rows' }, field: 'values', message: 'values is not a list of rows' },
    { change: { minEvents: -1 }, field: 'minEvents', message: 'minEvents is not a whole number of 0 or more' },
    { change: { minEvents: 1.5 }, field: 'minEvents', message: 'minEvents is not a whole number of 0 or more' },
  ])('$message', ({ change, field, row, index, message }) => {
    const fault = faultOf({ ...GOOD, ...change });
    expect(fault).toMatchObject({ name: 'SurvivalError', field, message });
    expect([fault.row, fault.index]).toEqual([row, index]);
  });
});

describe('a value that is no finite number', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '3', true, undefined, {}])(
    '%s makes its row invalid, and no other',
    (value) => {
      const values = [
        [3, 1, 2, 5],
        [3, 1, 2, value],
        [3, 1, 2, 5],
      ] as number[][];
      const [first, second, third] = fitCox({ ...GOOD, values });
      expect(second).toEqual({
        status: 'invalid',
        error: 'value 3 is not a finite number',
        hazard: null,
        pval: null,
        log10_pval: null,
        coef: null,
        se: null,
        robust_se: null,
        z: null,
        ci95: [null, null],
        n: 0,
        events: 0,
        iterations: 0,
      });
      expect(first!.coef).not.toBeNull();
      expect(third).toEqual(first);
    },
  );

  it('is named by the first of them, also beside a null and before the first event', () => {
    const events = [0, 1, 1, 1];
    const [row] = fitCox({ ...GOOD, events, values: [[Number.NaN, null, 2, 1 / 0]] });
    expect(row).toMatchObject({ status: 'invalid', error: 'value 0 is not a finite number' });
  });
});

describe('fitCox', () => {
  it('answers each row, in order', () => {
    const rows = [
      [3, 1, 2, 5],
      [5, 2, 1, 3],
      [1, 1, 1, 1],
    ];
    const together = fitCox({ ...GOOD, values: rows });
    expect(together).toEqual(rows.map((row) => fitCox({ ...GOOD, values: [row] })[0]));
    expect(new Set(together.map(({ coef }) => coef)).size).toBe(3);
  });

  it('answers no rows with none', () => {
    expect(fitCox({ ...GOOD, values: [] })).toEqual([]);
  });

  it('takes typed arrays', () => {
    const typed = fitCox({
      times: Float64Array.from(GOOD.times),
      events: Uint8Array.from(GOOD.events),
      values: GOOD.values.map((row) => Float64Array.from(row)),
    });
    expect(typed).toEqual(fitCox(GOOD));
  });

  it('changes nothing it is given', () => {
    const frozen = { times: Object.freeze([...GOOD.times]), events: Object.freeze([...GOOD.events]) };
    expect(fitCox({ ...frozen, values: [Object.freeze([3, 1, 2, 5])] })).toEqual(fitCox(GOOD));
  });

  it('gives JSON: what is no number is null', () => {
    const values = [
      [3, 1, 2, 5],
      [1, 2, 3, 4],
      [1, 1, 1, 1],
      [1e-320, 0, 1e-320, 0],
      [1 / 0, 1, 1, 1],
    ];
    const rows = fitCox({ ...GOOD, values });
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });
});
