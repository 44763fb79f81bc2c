import type { Line, Span, Style, Tone } from './style.ts';
import { padEnd, padStart, widthOf } from './width.ts';

/** Least distance between the two sides of a spread line. */
const GAP = 2;

export function lineWidth(line: Line): number {
  return line.reduce((sum, span) => sum + widthOf(span.text), 0);
}

export function indent(columns: number): Span {
  return { text: ' '.repeat(columns) };
}

/** Left and right on one line, the right side ending at the margin; on two lines where there is no room. */
export function spread(style: Style, left: Line, right: Span): readonly Line[] {
  const gap = style.width - lineWidth(left) - widthOf(right.text);
  if (gap >= GAP) return [[...left, indent(gap), right]];
  return [left, [{ ...right, text: padStart(right.text, style.width) }]];
}

/** Rows with their columns aligned. The last cell of a row is left as it is. */
export function aligned(rows: readonly Line[], gap = GAP): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, span] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(span.text));
    }
  }
  return rows.map((row) =>
    row.map((span, column) => {
      if (column === row.length - 1) return span;
      return { ...span, text: padEnd(span.text, (widths[column] ?? 0) + gap) };
    }),
  );
}

interface Paragraph {
  /** What stands in front of the first line. */
  readonly lead: Line;
  /** Columns in front of every further line. */
  readonly hang: number;
  /** Escaped. */
  readonly text: string;
  readonly tone?: Tone;
}

/** Text broken between words so that no line is wider than the terminal. */
export function paragraph(style: Style, { lead, hang, text, tone }: Paragraph): readonly Line[] {
  const lines: Line[] = [];
  let front = lead;
  for (const row of rowsOf(text, style.width - lineWidth(lead), style.width - hang)) {
    lines.push([...front, tone === undefined ? { text: row } : { text: row, tone }]);
    front = [indent(hang)];
  }
  return lines;
}

function rowsOf(text: string, firstRoom: number, room: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    const space = rows.length === 0 ? firstRoom : room;
    const longer = row === '' ? word : `${row} ${word}`;
    if (widthOf(longer) <= space) {
      row = longer;
      continue;
    }
    if (row !== '' || rows.length === 0) rows.push(row);
    const pieces = piecesOf(word, room);
    rows.push(...pieces.slice(0, -1));
    row = pieces.at(-1) ?? '';
  }
  return [...rows, row];
}

/** A word that is wider than a line, cut to lines; in one pass, however long it is (threats T22). */
function piecesOf(word: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const character of word) {
    const own = widthOf(character);
    if (width + own > room) {
      pieces.push(piece);
      piece = '';
      width = 0;
    }
    piece += character;
    width += own;
  }
  return [...pieces, piece];
}
