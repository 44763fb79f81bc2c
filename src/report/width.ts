const ASCII = /^[\x20-\x7e]*$/u;
const ZERO_WIDTH = /\p{M}/u;
const MARKS_AT_START = /^\p{M}+/u;
/** Scripts and symbols that terminals draw two columns wide (Unicode Annex #11, W and F). */
const DOUBLE_WIDTH =
  /[\p{scx=Hang}\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{Emoji_Presentation}\uff01-\uff60\uffe0-\uffe6]/u;

/** Before it nothing is wide; the middle dot stands in extensions of wide scripts all the same. */
const FIRST_WIDE = '\u1100';

/** Columns that escaped text takes on a terminal. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The longest beginning that takes at most `room` columns. */
export function headOf(text: string, room: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(room, 0));
  let head = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > room) break;
    head += character;
  }
  return head;
}

/** The longest ending that takes at most `room` columns. */
export function tailOf(text: string, room: number): string {
  if (ASCII.test(text)) return room <= 0 ? '' : text.slice(-room);
  const tail: string[] = [];
  let width = 0;
  for (const character of Array.from(text).reverse()) {
    width += characterWidth(character);
    if (width > room) break;
    tail.push(character);
  }
  // A mark whose letter is cut off would sit on the ellipsis.
  return tail.reverse().join('').replace(MARKS_AT_START, '');
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - widthOf(text), 0));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(width - widthOf(text), 0)) + text;
}

function characterWidth(character: string): number {
  if (character <= '~') return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return character >= FIRST_WIDE && DOUBLE_WIDTH.test(character) ? 2 : 1;
}
