import { readDecimal } from '../decimal.ts';
import { badRequest } from './refused-request.ts';

/** Octets of JSON's own signs (RFC 8259). */
export const SIGN = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const SPACE = 0x20;
/** What may stand behind a backslash, but for `u`. */
const ESCAPES: readonly (number | undefined)[] = [...Buffer.from('"\\/bfnrt')];
/** Words that are values. Where a number belongs `null` is none of them, as it has a meaning there. */
const WORDS: readonly string[] = ['true', 'false'];
const NESTED_WORDS: readonly string[] = [...WORDS, 'null'];
const UNREAD = new Float64Array(1);
const NO_VALUES: readonly string[] = ['NaN', 'NA', 'Infinity', 'nan', 'inf'];
/** Levels of arrays and objects where a number belongs: what is deeper is no mistake any more. */
const MAX_DEPTH = 32;

/** @param place where in the request, such as `times[3]`; empty: nowhere in particular */
export function notJson(at: number, expected: string, place = ''): Error {
  return badRequest(`${place === '' ? 'the body' : place} is not JSON: octet ${at} should be ${expected}`);
}

/** Blank space of JSON: space, tab, LF, CR. */
export function skipBlanks(octets: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const octet = octets[at];
    if (octet !== SPACE && octet !== 0x0a && octet !== 0x0d && octet !== 0x09) return at;
    at += 1;
  }
}

/**
 * The end of the string that begins at `from`, behind its closing quote.
 * @throws RefusedRequest when it is none.
 */
function endOfString(octets: Uint8Array, from: number, place: Place): number {
  for (let at = from + 1; at < octets.length; at += 1) {
    const octet = octets[at] as number;
    if (octet === SIGN.quote) return at + 1;
    if (octet < SPACE) throw notJson(at, 'no control character', place());
    if (octet === SIGN.backslash) at = endOfEscape(octets, at, place);
  }
  throw notJson(octets.length, 'the end of a string', place());
}

/** @returns the place of its last octet */
function endOfEscape(octets: Uint8Array, from: number, place: Place): number {
  const letter = octets[from + 1];
  if (letter !== 0x75) {
    if (ESCAPES.includes(letter)) return from + 1;
    throw notJson(from + 1, 'an escape', place());
  }
  for (let at = from + 2; at < from + 6; at += 1) {
    if (!isHex(octets[at] as number)) throw notJson(at, 'a hexadecimal digit', place());
  }
  return from + 5;
}

function isHex(octet: number): boolean {
  const small = octet | SPACE;
  return (octet >= 0x30 && octet <= 0x39) || (small >= 0x61 && small <= 0x66);
}

/** @throws RefusedRequest when no string begins at `from`, or it is none. */
export function scanString(
  octets: Uint8Array,
  from: number,
  place: string,
): { readonly text: string; readonly end: number } {
  if (octets[from] !== SIGN.quote) throw notJson(from, 'a name in quotes', place);
  const end = endOfString(octets, from, () => place);
  return {
    text: JSON.parse(Buffer.from(octets.buffer, octets.byteOffset + from, end - from).toString()) as string,
    end,
  };
}

/**
 * The end of any value but a number or `null`, behind it; what it is means nothing here.
 * @param place where it stands, of which a text is made only when something is wrong
 * @throws RefusedRequest when it is no JSON.
 */
export function skipValue(octets: Uint8Array, from: number, place: Place): number {
  return endOfValue(octets, from, 0, place);
}

type Place = () => string;

/** Calls itself no deeper than `MAX_DEPTH`. */
function endOfValue(octets: Uint8Array, from: number, depth: number, place: Place): number {
  const first = octets[from];
  if (first === SIGN.quote) return endOfString(octets, from, place);
  if (first === SIGN.openArray) return endOfList(octets, from, SIGN.closeArray, depth + 1, place);
  if (first === SIGN.openObject) return endOfList(octets, from, SIGN.closeObject, depth + 1, place);
  const end = depth > 0 ? endOfNumber(octets, from) : from;
  return end > from ? end : endOfWord(octets, from, depth > 0 ? NESTED_WORDS : WORDS, place);
}

/** Of an array, or of an object, whose values have names. */
function endOfList(octets: Uint8Array, from: number, close: number, depth: number, place: Place): number {
  if (depth > MAX_DEPTH) throw badRequest(`${place()} is nested more than ${MAX_DEPTH} levels deep`);
  let at = skipBlanks(octets, from + 1);
  if (octets[at] === close) return at + 1;
  for (;;) {
    if (close === SIGN.closeObject) at = endOfName(octets, at, place);
    at = skipBlanks(octets, endOfValue(octets, at, depth, place));
    if (octets[at] === close) return at + 1;
    if (octets[at] !== SIGN.comma) throw notJson(at, close === SIGN.closeArray ? '"," or "]"' : '"," or "}"', place());
    at = skipBlanks(octets, at + 1);
  }
}

/** Behind the colon, where its value begins. */
function endOfName(octets: Uint8Array, from: number, place: Place): number {
  if (octets[from] !== SIGN.quote) throw notJson(from, 'a name in quotes', place());
  const colon = skipBlanks(octets, endOfString(octets, from, place));
  if (octets[colon] !== SIGN.colon) throw notJson(colon, '":"', place());
  return skipBlanks(octets, colon + 1);
}

/** Of a number that nobody reads; `from` where there is none as JSON writes it. */
function endOfNumber(octets: Uint8Array, from: number): number {
  return Math.max(from, readDecimal(octets, from, octets.length, UNREAD, 0));
}

/** What some programs write for JSON is told apart. */
function endOfWord(octets: Uint8Array, from: number, words: readonly string[], place: Place): number {
  const word = words.find((one) => isWordAt(octets, from, one));
  if (word !== undefined) return from + word.length;
  throw notJson(from, `a value${hintAt(octets, from)}`, place());
}

/** What a sign begins that is none of JSON's numbers. */
export function noNumber(octets: Uint8Array, from: number, place: string): Error {
  return notJson(from, `a number${hintAt(octets, from + 1)}`, place);
}

function hintAt(octets: Uint8Array, from: number): string {
  if (!NO_VALUES.some((word) => isWordAt(octets, from, word))) return '';
  return ': JSON has no NaN, NA and Infinity, null stands for a value that is missing';
}

/** Is this word at `from`? */
export function isWordAt(octets: Uint8Array, from: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (octets[from + index] !== word.charCodeAt(index)) return false;
  }
  return true;
}
