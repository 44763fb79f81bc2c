import { allocateColumns, createRowFitter, DEFAULT_MIN_EVENTS, readRow } from './fit-rows.ts';
import { prepareSubjects } from './subjects.ts';
import { SurvivalError } from './survival-error.ts';
import type { SurvivalField } from './survival-error.ts';
import type { SurvivalStatistics } from './types.ts';

export interface SurvivalProblem {
  /** Of each of n subjects, the time of its event or censoring: finite, not negative, in any unit. */
  readonly times: ArrayLike<number>;
  /** 1 where the event was observed, 0 where the subject was censored. */
  readonly events: ArrayLike<number>;
  /** Rows of n values of a predictor. null: the subject has none, and takes no part in this row. */
  readonly values: readonly ArrayLike<number | null>[];
  /** A row with fewer events has the status `few_events`. Default: 5. */
  readonly minEvents?: number;
}

/**
 * Fits Cox's proportional hazards model h(t) = h0(t) e^(coef · x) to each row of values by itself, with Efron's
 * approximation for ties and the robust variance of Lin & Wei (1989).
 * @returns the statistics of each row, in order. A value that is no finite number makes its own row `invalid`
 * @throws SurvivalError for a fault of times, events or the shape of values
 */
export function fitCox(problem: SurvivalProblem): readonly SurvivalStatistics[] {
  const { times, events, values, minEvents = DEFAULT_MIN_EVENTS } = problem;
  const n = checkSubjects(times, events);
  checkShape(values, n);
  if (!(Number.isSafeInteger(minEvents) && minEvents >= 0)) {
    throw new SurvivalError('minEvents', 'minEvents is not a whole number of 0 or more');
  }
  const fitter = createRowFitter(prepareSubjects(times, events), { minEvents });
  const columns = allocateColumns(values.length);
  const row = new Float64Array(n);
  return values.map((cells, at) => {
    for (let i = 0; i < n; i += 1) row[i] = toCell(cells[i]);
    fitter.fit(row, 0, columns, at);
    return readRow(columns, at);
  });
}

/** NaN is what the fit takes for no value: everything else that is no finite number becomes what it refuses. */
function toCell(cell: unknown): number {
  if (cell === null) return Number.NaN;
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : Number.POSITIVE_INFINITY;
}

function checkSubjects(times: ArrayLike<number>, events: ArrayLike<number>): number {
  checkList('times', times);
  checkList('events', events);
  const n = times.length;
  if (events.length !== n) {
    throw new SurvivalError(
      'events',
      `events has ${events.length} entries, times has ${n}; they are of the same subjects`,
    );
  }
  let observed = 0;
  for (let index = 0; index < n; index += 1) {
    const time = times[index];
    if (typeof time !== 'number' || !Number.isFinite(time) || time < 0) {
      throw new SurvivalError('times', `times[${index}] is not a finite number of 0 or more`, { index });
    }
    const event = events[index];
    if (event !== 0 && event !== 1) {
      throw new SurvivalError('events', `events[${index}] is neither 0 (censored) nor 1 (event)`, { index });
    }
    observed += event;
  }
  if (observed === 0) throw new SurvivalError('events', `0 of ${n} samples have an event; at least 1 is needed`);
  return n;
}

function checkShape(values: readonly ArrayLike<unknown>[], n: number): void {
  if (!Array.isArray(values)) throw new SurvivalError('values', 'values is not a list of rows');
  for (const [row, cells] of values.entries()) {
    if (!isList(cells)) throw new SurvivalError('values', `values[${row}] is not a list`, { row });
    if (cells.length !== n) {
      throw new SurvivalError('values', `values[${row}] has ${cells.length} entries, times has ${n}`, { row });
    }
  }
}

function checkList(field: SurvivalField, list: unknown): void {
  if (!isList(list)) throw new SurvivalError(field, `${field} is not a list of numbers`);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && 'length' in value && Number.isSafeInteger(value.length);
}
