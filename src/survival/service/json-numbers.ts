import { readDecimal } from '../decimal.ts';
import { isWordAt, noNumber, notJson, SIGN, skipBlanks, skipValue } from './json-text.ts';

const NULL = 'null';
/** Room for numbers before any has been read. */
const FIRST_ROOM = 1024;
/** By how much room grows at least, and how much more than by what was read so far. */
const GROWTH = 1.5;
const MARGIN = 1.02;

/** Numbers of an array, or of several one after the other. */
export interface Numbers {
  /** At least `count`. NaN: null; ±Infinity: no number, or none that is finite. */
  values: Float64Array;
  count: number;
}

export function noNumbers(): Numbers {
  return { values: new Float64Array(FIRST_ROOM), count: 0 };
}

/**
 * Adds what the array that begins at `from` holds: straight from octets, nothing is made of a number but the number.
 *
 * @param began where the first array of these numbers began: the room for all is taken by what was read since
 * @param place of one entry, for messages
 * @returns the place behind the closing bracket
 * @throws RefusedRequest when it is no JSON.
 */
export function scanNumbers(
  octets: Uint8Array,
  from: number,
  into: Numbers,
  began: number,
  place: (index: number) => string,
): number {
  const to = octets.length;
  const first = into.count;
  let { values, count } = into;
  let at = skipBlanks(octets, from + 1);
  if (octets[at] === SIGN.closeArray) return at + 1;
  for (;;) {
    if (count === values.length) {
      into.values = values = roomier(values, (octets.length - began) / (at - began), to - at);
    }
    let octet = at < to ? (octets[at] as number) : 0;
    if (octet === SIGN.minus || (octet >= 0x30 && octet <= 0x39)) {
      const end = readDecimal(octets, at, to, values, count);
      if (end <= 0) throw noNumber(octets, at, place(count - first));
      at = end;
    } else if (octet === 0x6e && isWordAt(octets, at, NULL)) {
      values[count] = Number.NaN;
      at += NULL.length;
    } else {
      at = skipOther(octets, at, place, count - first);
      values[count] = Number.POSITIVE_INFINITY;
    }
    count += 1;
    octet = at < to ? (octets[at] as number) : 0;
    if (octet <= 0x20) {
      at = skipBlanks(octets, at);
      octet = at < to ? (octets[at] as number) : 0;
    }
    if (octet === SIGN.comma) {
      at += 1;
      // Most writers put none or one blank here.
      if ((octets[at] as number) <= 0x20) at = skipBlanks(octets, at);
    } else if (octet === SIGN.closeArray) {
      into.count = count;
      return at + 1;
    } else throw notJson(at, '"," or "]"', place(count - first - 1));
  }
}

/**
 * @param share all octets by those read so far: there will be as many more numbers
 * @param left octets that are left: each number takes two
 */
function roomier(values: Float64Array, share: number, left: number): Float64Array {
  const wanted = Math.max(values.length * GROWTH, values.length * share * MARGIN);
  const most = values.length + left / 2 + 1;
  const grown = new Float64Array(Math.ceil(Math.min(wanted, most)));
  grown.set(values);
  return grown;
}

/** Of what is no number: the function is made here, lest the loop above have one for each of its rounds. */
function skipOther(octets: Uint8Array, at: number, place: (index: number) => string, index: number): number {
  return skipValue(octets, at, () => place(index));
}
