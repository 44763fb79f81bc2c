import type { SurvivalStatistics, SurvivalStatus } from './types.ts';

/** Statistics of many rows, a column each. NaN where there is no number; codes of `status` are indices of `STATUSES`. */
export interface FitColumns {
  readonly coef: Float64Array;
  readonly hazard: Float64Array;
  readonly se: Float64Array;
  readonly robustSe: Float64Array;
  readonly z: Float64Array;
  readonly pval: Float64Array;
  readonly log10Pval: Float64Array;
  readonly ciLow: Float64Array;
  readonly ciHigh: Float64Array;
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  readonly iterations: Uint8Array;
  readonly status: Uint8Array;
  /** Of an `invalid` row: index of the first value that is no finite number. */
  readonly fault: Uint32Array;
}

export const STATUSES = [
  'ok',
  'few_events',
  'constant',
  'no_events',
  'diverged',
  'not_converged',
  'invalid',
] as const satisfies readonly SurvivalStatus[];

export function statusCode(status: SurvivalStatus): number {
  return STATUSES.indexOf(status);
}

/** Room for the statistics of `rows` rows. */
export function allocateColumns(rows: number): FitColumns {
  return {
    coef: new Float64Array(rows),
    hazard: new Float64Array(rows),
    se: new Float64Array(rows),
    robustSe: new Float64Array(rows),
    z: new Float64Array(rows),
    pval: new Float64Array(rows),
    log10Pval: new Float64Array(rows),
    ciLow: new Float64Array(rows),
    ciHigh: new Float64Array(rows),
    n: new Uint32Array(rows),
    events: new Uint32Array(rows),
    iterations: new Uint8Array(rows),
    status: new Uint8Array(rows),
    fault: new Uint32Array(rows),
  };
}

/** Makes a row one without figures. */
export function clearRow(columns: FitColumns, row: number): void {
  columns.coef[row] = Number.NaN;
  columns.hazard[row] = Number.NaN;
  columns.se[row] = Number.NaN;
  columns.robustSe[row] = Number.NaN;
  columns.z[row] = Number.NaN;
  columns.pval[row] = Number.NaN;
  columns.log10Pval[row] = Number.NaN;
  columns.ciLow[row] = Number.NaN;
  columns.ciHigh[row] = Number.NaN;
  columns.n[row] = 0;
  columns.events[row] = 0;
  columns.iterations[row] = 0;
  columns.fault[row] = 0;
}

/** A row that is not fitted, as its value at `index` is no finite number. */
export function markInvalid(columns: FitColumns, row: number, index: number): void {
  clearRow(columns, row);
  columns.status[row] = statusCode('invalid');
  columns.fault[row] = index;
}

/** The statistics of one row, as an object. */
export function readRow(columns: FitColumns, row: number): SurvivalStatistics {
  const status = STATUSES[columns.status[row] as number] as SurvivalStatus;
  return {
    hazard: finiteOrNull(columns.hazard, row),
    pval: finiteOrNull(columns.pval, row),
    log10_pval: finiteOrNull(columns.log10Pval, row),
    coef: finiteOrNull(columns.coef, row),
    se: finiteOrNull(columns.se, row),
    robust_se: finiteOrNull(columns.robustSe, row),
    z: finiteOrNull(columns.z, row),
    ci95: [finiteOrNull(columns.ciLow, row), finiteOrNull(columns.ciHigh, row)],
    n: columns.n[row] as number,
    events: columns.events[row] as number,
    iterations: columns.iterations[row] as number,
    status,
    ...(status === 'invalid' && { error: `value ${columns.fault[row]} is not a finite number` }),
  };
}

function finiteOrNull(column: Float64Array, row: number): number | null {
  const value = column[row] as number;
  return Number.isFinite(value) ? value : null;
}
