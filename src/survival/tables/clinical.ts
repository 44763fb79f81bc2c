import { decodeLine, isMissing, numberOf, splitCells, withoutMark } from './cells.ts';
import { duplicatesOf } from './duplicates.ts';
import { nameSome, TableError } from './table-error.ts';
import { meets } from './where.ts';
import type { Comparison } from './where.ts';

/** A small table, whole: one line a sample. */
export interface ClinicalTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly ClinicalRow[];
}

export interface ClinicalRow {
  /** 1-based. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What the columns are called. */
export interface ClinicalColumns {
  readonly id: string;
  readonly time: string;
  readonly event: string;
}

/** A sample with what is known of its time and event. */
export interface ClinicalSample {
  readonly id: string;
  readonly line: number;
  /** At least 0; undefined: no value, or the sample is not selected. */
  readonly time: number | undefined;
  readonly event: 0 | 1 | undefined;
  /** It meets `--where`. */
  readonly isMet: boolean;
}

/** What R, Python and spreadsheets write for a logical, in small letters. */
const LOGICALS: ReadonlyMap<string, 0 | 1> = new Map([
  ['false', 0],
  ['true', 1],
]);

/** Columns that a message names: a clinical table has some dozens, and a matrix that was taken for one thousands. */
const NAMED_COLUMNS = 30;

/** @throws TableError for a line with another number of cells than the header, or quoted cells */
export function parseClinical(octets: Uint8Array, file: string): ClinicalTable {
  const lines = linesOf(withoutMark(octets), file);
  const [header, ...rows] = lines;
  if (!header) throw new TableError('the file is empty', { file });
  for (const { line, cells } of rows) {
    if (cells.length === header.cells.length) continue;
    throw new TableError(`line ${line} has ${cells.length} cells, the header has ${header.cells.length}`, {
      file,
      line,
      hint: 'the clinical table is TSV: a line of column names, then one line a sample, with tabs between cells',
    });
  }
  return { file, columns: header.cells, rows };
}

function linesOf(octets: Uint8Array, file: string): readonly ClinicalRow[] {
  const lines: ClinicalRow[] = [];
  for (let at = 0, line = 1; at < octets.length; line += 1) {
    const found = octets.indexOf(0x0a, at);
    const end = found === -1 ? octets.length : found + 1;
    const text = decodeLine(octets.subarray(at, end), file, line);
    if (text !== '') lines.push({ line, cells: splitCells(text, file, line) });
    at = end;
  }
  return lines;
}

/**
 * Reads the samples of a clinical table. Times and events of those that are not selected are not looked at, whatever they are.
 *
 * @param listed ids of `--samples`; undefined: all
 * @throws TableError for a column that is not there, an id that is missing or there twice, a negative time, an event that is
 *   neither 0 nor 1, and a number that `where` compares with what is none
 */
export function samplesOf(
  table: ClinicalTable,
  names: ClinicalColumns,
  where: readonly Comparison[],
  listed?: ReadonlySet<string>,
): readonly ClinicalSample[] {
  const { file } = table;
  const id = columnOf(table, names.id, '--id');
  const time = columnOf(table, names.time, '--time');
  const event = columnOf(table, names.event, '--event');
  const comparisons = where.map((comparison) => ({
    comparison,
    index: columnOf(table, comparison.column, '--where', comparison.at),
  }));
  const samples = table.rows.map(({ line, cells }): ClinicalSample => {
    const name = cells[id] ?? '';
    if (name.trim() === '') throw new TableError(`line ${line} has no ${names.id}`, { file, line });
    const isMet = comparisons.every(({ comparison, index }) => {
      const holds = meets(cells[index] ?? '', comparison);
      if (holds !== undefined) return holds;
      throw notCompared({ name, line, file, column: comparison.column }, cells[index] ?? '');
    });
    const isSelected = isMet && (listed?.has(name) ?? true);
    return {
      id: name,
      line,
      time: isSelected ? timeOf(cells[time] ?? '', { name, line, file, column: names.time }) : undefined,
      event: isSelected ? eventOf(cells[event] ?? '', { name, line, file, column: names.event }) : undefined,
      isMet,
    };
  });
  const twice = duplicatesOf(samples.map((sample) => sample.id));
  if (twice.length > 0) {
    throw new TableError(`ids that stand twice in the clinical table: ${nameSome(twice)}`, {
      file,
      hint: 'keep one line a sample',
    });
  }
  return samples;
}

function columnOf({ columns, file }: ClinicalTable, name: string, flag: string, at?: number): number {
  const index = columns.indexOf(name);
  const place = { file, ...(at !== undefined && { column: at }) };
  if (index === -1) {
    throw new TableError(`${flag}: there is no column ${name}`, {
      ...place,
      hint: `columns: ${nameSome(columns, NAMED_COLUMNS)}`,
    });
  }
  if (columns.includes(name, index + 1)) {
    throw new TableError(`${flag}: two columns are called ${name}`, { ...place, hint: 'rename one of them' });
  }
  return index;
}

interface CellPlace {
  readonly name: string;
  readonly line: number;
  readonly file: string;
  readonly column: string;
}

function notCompared({ name, line, file, column }: CellPlace, cell: string): TableError {
  return new TableError(`line ${line}: ${column} of ${name} is no number, and --where compares numbers`, {
    file,
    line,
    hint: `exclude it first: ${column} != '${cell}' and …; comparisons are made from left to right`,
  });
}

function timeOf(cell: string, { name, line, file, column }: CellPlace): number | undefined {
  if (isMissing(cell)) return undefined;
  const time = numberOf(cell);
  if (Number.isFinite(time) && time >= 0) return time;
  const why = Number.isFinite(time) ? 'is negative' : 'is no number';
  throw new TableError(`line ${line}: ${column} of ${name} ${why}`, {
    file,
    line,
    hint: 'a time is a number from 0, from the beginning of the observation; NA where it is not known',
  });
}

function eventOf(cell: string, { name, line, file, column }: CellPlace): 0 | 1 | undefined {
  if (isMissing(cell)) return undefined;
  // Where a column has gaps, Python writes its integers as 1.0 and 0.0.
  const number = numberOf(cell);
  const event = number === 0 || number === 1 ? number : LOGICALS.get(cell.trim().toLowerCase());
  if (event === 0 || event === 1) return event;
  throw new TableError(`line ${line}: ${column} of ${name} is neither 0 nor 1`, {
    file,
    line,
    hint: '1 (or TRUE) is an event, 0 (or FALSE) a censored observation; NA where it is not known',
  });
}
