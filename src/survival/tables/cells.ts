import { TableError } from './table-error.ts';

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
const QUOTE = '"';

/** How tables say that there is no value: R, Python, JSON and spreadsheets. */
const MISSING: ReadonlySet<string> = new Set(['', 'NA', 'NaN', 'nan', 'null']);
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export function isMissing(text: string): boolean {
  return MISSING.has(text.trim());
}

/** The double nearest to a decimal number; NaN: no value; ±Infinity: no number, or none that is finite. */
export function numberOf(text: string): number {
  const bare = text.trim();
  if (MISSING.has(bare)) return Number.NaN;
  return NUMBER.test(bare) ? Number(bare) : Number.POSITIVE_INFINITY;
}

/**
 * Octets of a line as text, without the end of the line.
 *
 * @throws TableError for what is not UTF-8, and for a first line that is a whole table, as old Macs write it
 */
export function decodeLine(octets: Uint8Array, file: string, line: number): string {
  const whole = withoutEnd(octets);
  if (line === 1 && whole.includes(CARRIAGE_RETURN)) {
    throw new TableError('its lines end in a carriage return alone', {
      file,
      line,
      hint: "save it with the line ends of Linux or Windows: tr '\\r' '\\n' makes them",
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole);
  } catch {
    throw new TableError(`line ${line} is not UTF-8`, { file, line, hint: 'save the table as UTF-8' });
  }
}

/** Cells of a line of plain TSV. @throws TableError for quoted cells, which are none of plain TSV */
export function splitCells(text: string, file: string, line: number): readonly string[] {
  const cells = text.split('\t');
  const quoted = cells.findIndex((cell) => cell.startsWith(QUOTE));
  if (quoted === -1) return cells;
  throw new TableError(`line ${line} has a quoted cell (cell ${quoted + 1}), and plain TSV has no quotes`, {
    file,
    line,
    hint: 'write it without quotes: quote = FALSE in R, quoting=csv.QUOTE_NONE in Python',
  });
}

/** The byte order mark of UTF-8 is no part of the first cell. */
export function withoutMark(octets: Uint8Array): Uint8Array {
  const isMarked = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf;
  return isMarked ? octets.subarray(3) : octets;
}

export function withoutEnd(line: Uint8Array): Uint8Array {
  let end = line.length;
  if (line[end - 1] === LINE_FEED) end -= 1;
  if (line[end - 1] === CARRIAGE_RETURN) end -= 1;
  return line.subarray(0, end);
}
