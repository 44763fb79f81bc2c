import { VALUE_LIMIT } from './escape.ts';
import { count } from './format.ts';
import type { Style } from './style.ts';
import { headOf, tailOf, widthOf } from './width.ts';

/** Below this many columns the length of a folded text is left out: its beginning and end say more. */
const ROOM_FOR_LENGTH = 32;
/** Of a folded text, the part that shows its beginning. */
const HEAD_SHARE = 0.6;
/** Characters in front of the first difference of two long texts. */
const CONTEXT = 8;
/** Two long texts are compared in pieces: the engine compares these at the speed of memory. */
const PIECE = 4_096;

/** A text on one line of at most `room` columns: escaped, and folded in the middle with its length if it is longer. */
export function fold(raw: string, room: number, style: Style): string {
  return foldPart(raw, room, style, raw);
}

/** Two texts folded so that the place where they begin to differ stays visible. */
export function foldPair(before: string, after: string, room: number, style: Style): readonly [string, string] {
  const folded = [fold(before, room, style), fold(after, room, style)] as const;
  if (folded[0] !== folded[1]) return folded;
  const start = Math.max(firstDifference(before, after) - CONTEXT, 0);
  const lead = start > 0 ? style.text('…') : '';
  const rest = room - lead.length;
  return [
    lead + foldPart(before.slice(start), rest, style, before),
    lead + foldPart(after.slice(start), rest, style, after),
  ];
}

/** A text for a paragraph: escaped, and cut in the middle where it is longer than anybody reads. */
export function foldLong(raw: string, style: Style): string {
  const [head, tail] = ends(raw);
  if (tail === '') return style.text(head);
  return `${style.text(head)}${style.text('…')}${style.text(tail)} ${lengthOf(raw)}`;
}

function foldPart(part: string, room: number, style: Style, whole: string): string {
  const [head, tail] = ends(part);
  const shownHead = style.text(head);
  if (tail === '' && widthOf(shownHead) <= room) return shownHead;
  const shownTail = tail === '' ? shownHead : style.text(tail);
  const ellipsis = style.text('…');
  const length = room >= ROOM_FOR_LENGTH ? ` ${lengthOf(whole)}` : '';
  const left = Math.max(room - length.length - ellipsis.length, 1);
  const headRoom = Math.ceil(left * HEAD_SHARE);
  return `${headOf(shownHead, headRoom)}${ellipsis}${tailOf(shownTail, left - headRoom)}${length}`;
}

/** What can be shown of a text: all of it, or its two ends. The rest is not even looked at. */
function ends(raw: string): readonly [head: string, tail: string] {
  if (raw.length <= VALUE_LIMIT) return [raw, ''];
  const half = VALUE_LIMIT / 2;
  return [raw.slice(0, half), raw.slice(-half)];
}

function lengthOf(raw: string): string {
  return `(${count(Buffer.byteLength(raw))} bytes)`;
}

function firstDifference(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let index = 0;
  while (index < end && one.slice(index, index + PIECE) === other.slice(index, index + PIECE)) index += PIECE;
  while (index < end && one[index] === other[index]) index += 1;
  return Math.min(index, end);
}
