import { STATUSES } from '../columns.ts';
import type { SurvivalStatistics } from '../types.ts';
import { LINE_FEED, TAB } from './cells.ts';

/** Columns of a results table. */
export const RESULT_COLUMNS = [
  'gene',
  'hazard',
  'ci95_low',
  'ci95_high',
  'pval',
  'log10_pval',
  'qval',
  'coef',
  'se',
  'robust_se',
  'z',
  'n',
  'events',
  'iterations',
  'status',
  'error',
] as const;

/** Cells before the q, which is known when all rows are. */
const BEFORE_Q = RESULT_COLUMNS.indexOf('qval');
const MISSING = 'NA';

/** What became of the rows of one chunk. */
export interface ResultRows {
  readonly rows: number;
  /** Of rows whose status is ok; NaN: takes no part in q. */
  readonly p: Float64Array<ArrayBuffer>;
  /** What a plot needs beside; NaN: none. */
  readonly coef: Float64Array<ArrayBuffer>;
  readonly log10P: Float64Array<ArrayBuffer>;
  /** Index into `STATUSES`. */
  readonly status: Uint8Array<ArrayBuffer>;
  /** Lines of a results table, without the cell of q. */
  readonly lines: Uint8Array<ArrayBuffer>;
}

/**
 * Lines of a results table. A number is written in the shortest way that reads back as the same double.
 *
 * @param names first cells, each ended by a line feed
 * @param statisticsOf a row, from 0
 */
export function tabulate(
  names: Uint8Array,
  rows: number,
  statisticsOf: (row: number) => SurvivalStatistics,
): ResultRows {
  const p = new Float64Array(rows).fill(Number.NaN);
  const coef = new Float64Array(rows);
  const log10P = new Float64Array(rows);
  const status = new Uint8Array(rows);
  let room = Buffer.allocUnsafeSlow(names.length + rows * USUAL_ROW_OCTETS);
  let length = 0;
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    const found = statisticsOf(row);
    if (found.status === 'ok') p[row] = found.pval ?? Number.NaN;
    coef[row] = found.coef ?? Number.NaN;
    log10P[row] = found.log10_pval ?? Number.NaN;
    status[row] = STATUSES.indexOf(found.status);
    const end = names.indexOf(LINE_FEED, at);
    const cells = cellsOf(found);
    const needed = length + end - at + cells.length * UTF8_OCTETS;
    if (needed > room.length) room = Buffer.concat([room.subarray(0, length)], 2 * needed);
    room.set(names.subarray(at, end), length);
    length += end - at;
    length += room.write(cells, length);
    at = end + 1;
  }
  return { rows, p, coef, log10P, status, lines: new Uint8Array(room.subarray(0, length)) };
}

/** Ten numbers of up to 24 characters, three small ones and a status; an error takes more room when it comes. */
const USUAL_ROW_OCTETS = 280;
/** Of a unit of UTF-16, at most. */
const UTF8_OCTETS = 3;

function cellsOf(found: SurvivalStatistics): string {
  const [low, high] = found.ci95;
  const cells = [
    '',
    numberCell(found.hazard),
    numberCell(low),
    numberCell(high),
    numberCell(found.pval),
    numberCell(found.log10_pval),
    numberCell(found.coef),
    numberCell(found.se),
    numberCell(found.robust_se),
    numberCell(found.z),
    String(found.n),
    String(found.events),
    String(found.iterations),
    found.status,
    `${found.error ?? ''}\n`,
  ];
  return cells.join('\t');
}

function numberCell(value: number | null): string {
  return value === null ? MISSING : String(value);
}

/** The first line of a results table. */
export function resultHeader(): string {
  return `${RESULT_COLUMNS.join('\t')}\n`;
}

/** Lines of `tabulate` with their q. @param qOf a row of the chunk, from 0; NaN: none */
export function withQ(lines: Uint8Array, rows: number, qOf: (row: number) => number): Buffer {
  const octets = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const whole = Buffer.allocUnsafeSlow(lines.length + rows * Q_OCTETS);
  let length = 0;
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    let middle = at;
    for (let cell = 0; cell < BEFORE_Q; cell += 1) middle = octets.indexOf(TAB, middle) + 1;
    const end = octets.indexOf(LINE_FEED, middle) + 1;
    const q = qOf(row);
    length += octets.copy(whole, length, at, middle);
    length += whole.write(`${numberCell(Number.isNaN(q) ? null : q)}\t`, length, 'latin1');
    length += octets.copy(whole, length, middle, end);
    at = end;
  }
  return whole.subarray(0, length);
}

/** The longest double in JavaScript's shortest form, `-1.2345678901234567e-308`, and a tab. */
const Q_OCTETS = 25;
