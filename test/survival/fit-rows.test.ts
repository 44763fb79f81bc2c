import { describe, expect, it } from 'vitest';
import { allocateColumns, createRowFitter, DEFAULT_MIN_EVENTS, readRow } from '../../src/survival/fit-rows.ts';
import { fitCox } from '../../src/survival/index.ts';
import { prepareSubjects } from '../../src/survival/subjects.ts';
import { readPublished } from './data.ts';

const { times, events, values_by_record: records } = readPublished('published-breast-cancer');
const n = times.length;

describe('rows of a matrix', () => {
  it('are read at their offset and written to their row, as fitCox has them', () => {
    const matrix = Float64Array.from([...Array.from({ length: 7 }, () => 9), ...records.flat()]);
    const columns = allocateColumns(5);
    const fitter = createRowFitter(prepareSubjects(times, events));
    fitter.fit(matrix, 7 + n, columns, 4);
    fitter.fit(matrix, 7, columns, 1);
    expect([readRow(columns, 1), readRow(columns, 4)]).toEqual(fitCox({ times, events, values: records }));
    expect(DEFAULT_MIN_EVENTS).toBe(5);
  });

  it('leave nothing of one row in the next, whatever became of it', () => {
    const row = (fill: (value: number, at: number) => number): number[] => records[0]!.map(fill);
    const rows = [
      row((value) => value),
      row(() => Number.NaN),
      row((value, at) => (at % 3 === 0 ? Number.NaN : value)),
      row(() => 4),
      row((_, at) => events[at]! * (2000 - times[at]!)),
      row((value, at) => (at === 5 ? Number.POSITIVE_INFINITY : value)),
      row((value) => value * 1e300),
      row((value) => (value > 0 ? 1 : 0)),
    ];
    const alone = rows.map((values) => fitOnce(values));
    expect(new Set(alone.map(({ status }) => status))).toEqual(
      new Set(['ok', 'no_events', 'constant', 'diverged', 'invalid']),
    );

    const fitter = createRowFitter(prepareSubjects(times, events));
    const columns = allocateColumns(1);
    const matrix = Float64Array.from(rows.flat());
    for (const first of rows.keys()) {
      for (const second of rows.keys()) {
        fitter.fit(matrix, first * n, columns, 0);
        fitter.fit(matrix, second * n, columns, 0);
        expect(readRow(columns, 0), `${second} after ${first}`).toEqual(alone[second]);
      }
    }
  });
});

function fitOnce(values: readonly number[]): ReturnType<typeof readRow> {
  const columns = allocateColumns(1);
  createRowFitter(prepareSubjects(times, events)).fit(Float64Array.from(values), 0, columns, 0);
  return readRow(columns, 0);
}
