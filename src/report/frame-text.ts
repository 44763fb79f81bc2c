import type { Diagnostic } from '../engine/types.ts';
import type { Line, Style } from './style.ts';
import { headOf, padStart, tailOf, widthOf } from './width.ts';

type Frame = NonNullable<Diagnostic['frame']>;

const MARGIN = 4;
/** Where a line is too long, this share of the room stands in front of the fault. */
const LEAD_SHARE = 0.5;

/** The lines around a fault and a caret under it; `column` is 1-based, in UTF-16 units. */
export function frameLines(frame: Frame, line: number, column: number, style: Style): readonly Line[] {
  const last = frame.first + frame.lines.length - 1;
  const digits = String(last).length;
  return frame.lines.flatMap((raw, index): readonly Line[] => {
    const number = frame.first + index;
    const gutter = style.say(`${' '.repeat(MARGIN)}${padStart(String(number), digits)} | `, 'dim');
    const room = style.width - gutter.text.length;
    if (number !== line) return [[gutter, { text: cut(style.text(raw), room, style) }]];
    const { text, before, length } = window(raw, column, frame.length, room, style);
    const blank = style.say(`${' '.repeat(MARGIN + digits)} | `, 'dim');
    const caret = style.say(`${' '.repeat(before)}${'^'.repeat(Math.max(length, 1))}`, 'delete');
    return [
      [gutter, { text }],
      [blank, caret],
    ];
  });
}

interface Window {
  readonly text: string;
  /** Columns in front of the fault, and of the fault. */
  readonly before: number;
  readonly length: number;
}

/** The part of a line that shows its fault. */
function window(raw: string, column: number, length: number, room: number, style: Style): Window {
  const ellipsis = style.text('…');
  const front = style.text(raw.slice(0, column - 1));
  const rest = style.text(raw.slice(column - 1));
  const fault = widthOf(style.text(raw.slice(column - 1, column - 1 + length)));
  const leadRoom = Math.floor(room * LEAD_SHARE);
  const isCut = widthOf(front) + widthOf(rest) > room && widthOf(front) > leadRoom;
  const lead = isCut ? `${ellipsis}${tailOf(front, leadRoom - ellipsis.length)}` : front;
  const before = widthOf(lead);
  return { text: `${lead}${cut(rest, room - before, style)}`, before, length: Math.min(fault, room - before) };
}

function cut(text: string, room: number, style: Style): string {
  if (widthOf(text) <= room) return text;
  const ellipsis = style.text('…');
  return `${headOf(text, room - ellipsis.length)}${ellipsis}`;
}
