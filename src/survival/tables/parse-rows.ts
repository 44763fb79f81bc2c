import { scanDecimal } from '../decimal.ts';
import type { DecimalEnd } from '../decimal.ts';
import { LINE_FEED, numberOf, TAB } from './cells.ts';
import { TableError } from './table-error.ts';

/** Which columns of a matrix are read, and where to. */
export interface RowLayout {
  /** For messages. */
  readonly file: string;
  /** Of each column of samples: its place among the subjects, or -1 where it is not used. */
  readonly places: Int32Array;
  readonly subjects: number;
}

export interface ParsedRows {
  readonly rows: number;
  /** First cells, each ended by a line feed. */
  readonly names: Uint8Array<ArrayBuffer>;
  /** rows × subjects; NaN: no value. A row with a fault has an infinity at its first one. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Rows with a cell that is no finite number: the row, from 0, and the subject of the first such cell. */
  readonly faults: readonly RowFault[];
}

export interface RowFault {
  readonly row: number;
  readonly subject: number;
}

const QUOTE = 0x22;
const NO_FAULT = -1;

const decoder = new TextDecoder('latin1');
/** Where the last cell ended: no object is made for each of millions. */
const end: DecimalEnd = { at: 0, isPlain: false };

/**
 * Reads lines of a matrix.
 *
 * @param firstRow of the first line, from 0
 * @throws TableError for a line with another number of cells than the header, or a quoted name
 */
export function parseRows(octets: Uint8Array, rows: number, firstRow: number, layout: RowLayout): ParsedRows {
  const values = new Float64Array(rows * layout.subjects);
  const names = new Uint8Array(octets.length);
  const faults: RowFault[] = [];
  let named = 0;
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    if (octets[at] === QUOTE) throw quoted(layout.file, firstRow + row);
    const endOfName = endOfCell(octets, at);
    const name = octets.subarray(at, endOfName);
    names.set(name, named);
    named += name.length;
    names[named] = LINE_FEED;
    named += 1;
    end.at = endOfName;
    const fault = readCells(octets, values, row * layout.subjects, layout.places);
    if (fault === RAGGED) throw ragged(octets, at, firstRow + row, layout);
    if (fault !== NO_FAULT) faults.push({ row, subject: fault });
    at = end.at + 1;
  }
  return { rows, names: names.slice(0, named), values, faults };
}

const RAGGED = -2;

/**
 * Cells of one line, from the tab at `end.at` on, which is at the end of the line afterwards.
 *
 * @returns the first subject whose cell is no finite number, `NO_FAULT` or `RAGGED`
 */
function readCells(octets: Uint8Array, values: Float64Array, base: number, places: Int32Array): number {
  const { length } = octets;
  let fault = NO_FAULT;
  for (let column = 0; column < places.length; column += 1) {
    if (octets[end.at] !== TAB) return RAGGED;
    const start = end.at + 1;
    const place = places[column] as number;
    if (place < 0) {
      end.at = endOfCell(octets, start);
      continue;
    }
    let value = scanDecimal(octets, start, length, end);
    const next = octets[end.at];
    const isWhole = end.at > start && (next === TAB || next === LINE_FEED || next === undefined);
    if (!isWhole) value = otherCell(octets, start);
    values[base + place] = value;
    const isFault = value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
    if (isFault && (fault === NO_FAULT || place < fault)) fault = place;
  }
  const next = octets[end.at];
  return next === LINE_FEED || next === undefined ? fault : RAGGED;
}

/** A cell without a value, with blanks around it, at the end of a line of Windows, or no number. */
function otherCell(octets: Uint8Array, start: number): number {
  const to = endOfCell(octets, start);
  end.at = to;
  return numberOf(decoder.decode(octets.subarray(start, to)));
}

function endOfCell(octets: Uint8Array, from: number): number {
  let at = from;
  while (at < octets.length && octets[at] !== TAB && octets[at] !== LINE_FEED) at += 1;
  return at;
}

function ragged(octets: Uint8Array, from: number, row: number, { file, places }: RowLayout): TableError {
  let cells = 1;
  for (let at = from; at < octets.length && octets[at] !== LINE_FEED; at += 1) if (octets[at] === TAB) cells += 1;
  const expected = places.length + 1;
  const line = row + 2;
  const isCornerless = row === 0 && cells === expected + 1;
  return new TableError(
    `line ${line} has ${cells.toLocaleString('en-US')} ${cells === 1 ? 'cell' : 'cells'}, the header has ${expected.toLocaleString('en-US')}`,
    {
      file,
      line,
      hint: isCornerless
        ? "the header lacks its corner cell, as R's write.table leaves it out: write it with col.names = NA"
        : 'every line has a name and one cell a sample, with tabs between them; where there is no value: NA',
    },
  );
}

function quoted(file: string, row: number): TableError {
  const line = row + 2;
  return new TableError(`line ${line} begins with a quoted cell, and plain TSV has no quotes`, {
    file,
    line,
    hint: 'write it without quotes: quote = FALSE in R, quoting=csv.QUOTE_NONE in Python',
  });
}
