import { escapeKey, escapeText, VALUE_LIMIT } from './escape.ts';
import { count } from './format.ts';
import type { Style } from './style.ts';
import { headOf, tailOf, widthOf } from './width.ts';

/** Below this many columns the length of a folded text is left out: its beginning and end say more. */
const ROOM_FOR_LENGTH = 32;
/** Of a folded text, the part that shows its beginning. */
const HEAD_SHARE = 0.6;
/** Characters shown in front of the first difference of two long texts. */
const CONTEXT = 12;
/** Long texts are compared in pieces: comparing strings is faster than comparing characters. */
const PIECE = 4_096;

/** A text on one line of at most `room` columns: escaped, and folded in the middle with its length if it is longer. */
export function fold(raw: string, room: number, style: Style): string {
  return foldPart(raw, room, style, raw);
}

/** A name on one line; folded, every letter outside ASCII stands as a code point. */
export function foldName(raw: string, room: number, style: Style): string {
  const name = style.name(raw.slice(0, VALUE_LIMIT));
  if (raw.length <= VALUE_LIMIT && widthOf(name) <= room) return name;
  const codes = escapeText(ends(raw).join(''), 'ascii');
  return codes.length <= room ? codes : foldPart(codes, room, style, raw);
}

/** An object's key on one line: what could hide in it stands as code points. */
export function foldKey(raw: string, room: number, style: Style): string {
  const key = escapeKey(ends(raw).join(''));
  const shown = style.text(key);
  return raw.length <= VALUE_LIMIT && widthOf(shown) <= room ? shown : foldPart(key, room, style, raw);
}

/** Two texts of at most `room` columns each, folded so that the place where they begin to differ stays visible. */
export function foldPair(
  [one, other]: readonly [string, string],
  room: number,
  style: Style,
): readonly [string, string] {
  const difference = firstDifference(one, other);
  if (difference + CONTEXT <= (room * HEAD_SHARE) / 2) return [fold(one, room, style), fold(other, room, style)];
  const start = Math.max(difference - CONTEXT, 0);
  return [foldFrom(start, one, room, style), foldFrom(start, other, room, style)];
}

/** A text for a paragraph: escaped, and cut in the middle where it is longer than anybody reads. */
export function foldLong(raw: string, style: Style): string {
  const [head, tail] = ends(raw);
  if (tail === '') return style.text(head);
  return `${style.text(head)}${style.text('…')}${style.text(tail)} ${lengthOf(raw)}`;
}

function foldFrom(start: number, raw: string, room: number, style: Style): string {
  const whole = fold(raw, room, style);
  if (start === 0 || (raw.length <= room && whole === style.text(raw))) return whole;
  const lead = style.text('…');
  return lead + foldPart(raw.slice(start), room - lead.length, style, raw);
}

function foldPart(part: string, room: number, style: Style, whole: string): string {
  const [head, tail] = ends(part);
  const shownHead = style.text(head);
  const suffix = part === whole || room < ROOM_FOR_LENGTH ? '' : ` ${lengthOf(whole)}`;
  if (tail === '' && widthOf(shownHead) + suffix.length <= room) return shownHead + suffix;
  const shownTail = tail === '' ? shownHead : style.text(tail);
  const ellipsis = style.text('…');
  const length = room < ROOM_FOR_LENGTH ? '' : ` ${lengthOf(whole)}`;
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
