import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATUSES } from '../../survival/columns.ts';
import { isSignificant, TOP_ROWS } from '../../survival/run-result.ts';
import type { SurvivalRunResult, TopRow } from '../../survival/run-result.ts';
import { replaceByQ } from '../../survival/tables/q-values.ts';
import { RESULT_COLUMNS, resultHeader, withQ } from '../../survival/tables/result-rows.ts';
import type { SurvivalStatus } from '../../survival/types.ts';
import { writeWhole } from '../whole-file.ts';
import type { ChunksDone } from './compute-chunks.ts';
import type { PartialResults } from './partial-results.ts';

export type StatusCounts = Record<SurvivalStatus, number>;

export interface WrittenResults extends Pick<SurvivalRunResult, 'significant' | 'top'> {
  readonly statuses: StatusCounts;
  /** Of all rows, in the order of the matrix: what a plot is drawn from. */
  readonly q: Float64Array;
}

/**
 * Puts the results table together, in the order of the matrix: all p are there now, and so are the q. It holds 12 octets a row.
 * The table takes its name when it is whole.
 */
export function writeResults(path: string, partial: PartialResults, { chunks, rows }: ChunksDone): WrittenResults {
  const q = new Float64Array(rows);
  const starts: number[] = [];
  const statuses = noStatuses();
  for (let index = 0, at = 0; index < chunks; index += 1) {
    const { p, status } = partial.read(index);
    countStatuses(status, statuses);
    q.set(p, at);
    starts.push(at);
    at += p.length;
  }
  const { order } = replaceByQ(q);
  writeTable(path, partial, starts, q);
  let significant = 0;
  for (const value of q) if (isSignificant(value)) significant += 1;
  const top = [...order.subarray(0, TOP_ROWS)].map((row) => topRow(row, partial, starts, q));
  return { statuses, q, significant, top };
}

export function noStatuses(): StatusCounts {
  return Object.fromEntries(STATUSES.map((status) => [status, 0])) as StatusCounts;
}

export function countStatuses(codes: Uint8Array, into: StatusCounts): void {
  for (const code of codes) into[STATUSES[code] ?? 'invalid'] += 1;
}

function writeTable(path: string, partial: PartialResults, starts: readonly number[], q: Float64Array): void {
  const temporary = join(dirname(path), `.trueup-${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = openSync(temporary, 'wx', 0o666);
  try {
    writeWhole(descriptor, Buffer.from(resultHeader()));
    for (const [index, start] of starts.entries()) {
      const { lines, rows } = partial.read(index);
      writeWhole(
        descriptor,
        withQ(lines, rows, (row) => q[start + row] ?? Number.NaN),
      );
    }
    fsyncSync(descriptor);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function topRow(row: number, partial: PartialResults, starts: readonly number[], q: Float64Array): TopRow {
  const cells = cellsOfRow(row, partial, starts);
  const numberAt = (name: (typeof RESULT_COLUMNS)[number]): number | null => {
    const text = cells[RESULT_COLUMNS.indexOf(name)];
    return text === undefined || text === 'NA' ? null : Number(text);
  };
  return {
    gene: cells[0] ?? '',
    hazard: numberAt('hazard'),
    ci95: [numberAt('ci95_low'), numberAt('ci95_high')],
    pval: numberAt('pval'),
    qval: q[row] ?? Number.NaN,
  };
}

/** Cells before the q, by which a row is shown. @param starts first rows of the chunks */
export function cellsOfRow(row: number, partial: PartialResults, starts: readonly number[]): readonly string[] {
  const index = starts.findLastIndex((start) => start <= row);
  const { lines } = partial.read(index);
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('utf8').split('\n');
  return text[row - (starts[index] ?? 0)]?.split('\t') ?? [];
}
