/** Characters of one value that are shown at all: more is not read, and costs time (T22). */
export const VALUE_LIMIT = 2_000;

/** Combining marks that one letter of a living script carries; more only paint over their neighbours. */
const MARKS_LIMIT = 4;

/** Controls, format characters (bidi, tags), private, unassigned and ignorable ones, and every blank but the space. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
const MARK_AT_START = /^\p{M}/u;
const MARK_RUN = new RegExp(`(\\p{M}{${MARKS_LIMIT}})(\\p{M}+)`, 'gu');
const PLAIN = /^[\x20-\x7e]*$/u;
const BLANKS_AT_ENDS = /^ +| +$/gu;
const NOT_ASCII = /[^\x20-\x7e]/gu;

/** Characters of the program's own sentences that have a plain form. */
const ASCII_FORMS: Readonly<Record<string, string>> = {
  '→': '->',
  '…': '...',
  '±': '+-',
  '✗': 'x',
  '·': '|',
};

export type Charset = 'unicode' | 'ascii';

/**
 * Makes any string harmless on one line of a terminal, a log or a fence: control bytes, bidi and invisible characters
 * are shown as `<U+202E>`, lone surrogates become U+FFFD, piles of combining marks are cut. For `ascii` everything
 * outside ASCII is shown as a code point. Idempotent; linear in the length.
 */
export function escapeText(text: string, charset: Charset = 'unicode'): string {
  if (PLAIN.test(text)) return disarmPrefix(text);
  const visible = disarmPrefix(wellFormed(text))
    .replace(INVISIBLE, codePoint)
    .replace(MARK_AT_START, codePoint)
    .replace(MARK_RUN, (_, kept: string, rest: string) => `${kept}<+${Array.from(rest).length} marks>`);
  if (charset === 'unicode') return visible;
  return visible.replace(NOT_ASCII, (character) => ASCII_FORMS[character] ?? codePoint(character));
}

/** A name as it stands and, where letters of another script could pass for ASCII ones, its code points beside it. */
export function escapeName(name: string, charset: Charset): string {
  const shown = escapeText(name, charset);
  if (PLAIN.test(shown)) return shown;
  return `${shown} (${shown.replace(NOT_ASCII, codePoint)})`;
}

/**
 * The key of an object as it stands, for letters are nobody's disguise there; what could hide in it is shown as code
 * points: blanks at its ends, and characters that another sequence shows just so (not in normal form C, UAX #15).
 */
export function escapeKey(key: string): string {
  return composed(escapeText(key).replace(BLANKS_AT_ENDS, (blanks) => codePoint(' ').repeat(blanks.length)));
}

/** What normal form C would write otherwise, as code points. */
function composed(text: string): string {
  if (text.normalize('NFC') === text) return text;
  let shown = '';
  /** What the next character may compose with, in normal form C. */
  let before = '';
  for (const character of text) {
    const isStray = before === '' && MARK_AT_START.test(character);
    const both = (before + character).normalize('NFC');
    if (isStray || both !== before + character) {
      shown += codePoint(character);
      before = isStray ? '' : both;
    } else {
      shown += character;
      before = MARK_AT_START.test(character) ? before + character : character;
    }
  }
  return shown;
}

/** Lone surrogates become U+FFFD, so that the text can be written as UTF-8 and read back. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd');
}

/** A line that GitHub's runner does not read as a command: it looks for `::` after leading blanks. */
export function disarmCommand(line: string): string {
  return disarmPrefix(line.replace(/^(\s*):(?=:)/u, '$1<U+003A>'));
}

/** The runner's other form of a command, found anywhere in a line. */
function disarmPrefix(text: string): string {
  return text.replaceAll('##[', '##<U+005B>');
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `<U+${hex.padStart(4, '0')}>`;
}
