/**
 * Decimal text to float64, correctly rounded, straight from ASCII octets: no string is made of what has up to 30 digits
 * and an exponent of usual size. Up to 15 digits one operation on exact operands is enough (Clinger 1990, "How to read
 * floating point numbers accurately"); beyond them the quotient is taken in two floats (Dekker 1971), and kept where the
 * bound of its error cannot change the rounding. All else is left to `Number`.
 */

/** Digits of which every integer is a float64. */
const EXACT_DIGITS = 15;
/** In two floats of `EXACT_DIGITS` each: below 2^100. */
const PAIR_DIGITS = 2 * EXACT_DIGITS;
/** Powers of ten up to this one are float64s: 5^22 < 2^53. */
const EXACT_POWER = 22;
const POWERS = Float64Array.from({ length: EXACT_POWER + 1 }, (_, power) => 10 ** power);
/** Bound of the relative error of a pair after two divisions: it is below 2^-101. */
const PAIR_ERROR = 2 ** -99;
/** Splits a float64 into halves whose products are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;
/** Beyond any exponent that matters, and far from where adding to it would not be exact. */
const MAX_EXPONENT = 1e9;

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const LOWER_E = 0x65;
/** The bit in which capital and small letters differ. */
const SMALL = 0x20;

/** Where a number ends: written by `scanDecimal`. */
export interface DecimalEnd {
  at: number;
}

const end: DecimalEnd = { at: 0 };

/**
 * The number that `octets[from … to)` is, whole: sign, digits with a point, exponent, as R, Python and Excel write them
 * (`-1.5e-03`, `+2`, `.5`, `5.`, `007`).
 * @returns NaN when it is no such number, also for `NA`, `Infinity` and surrounding blanks; ±Infinity beyond float64.
 */
export function parseDecimal(octets: Uint8Array, from: number, to: number): number {
  const value = scanDecimal(octets, from, to, end);
  return end.at === to ? value : Number.NaN;
}

/**
 * The number that begins at `from`, as far as it goes.
 * @returns NaN, and `from` in `into`, when none begins there.
 */
export function scanDecimal(octets: Uint8Array, from: number, to: number, into: DecimalEnd): number {
  let at = from;
  const sign = at < to ? (octets[at] as number) : 0;
  if (sign === MINUS || sign === PLUS) at += 1;
  const first = at;
  let count = 0;
  let high = 0;
  let low = 0;
  let power = 0;
  let point = -1;
  for (; at < to; at += 1) {
    const octet = octets[at] as number;
    const digit = octet - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (point >= 0) power -= 1;
      // Zeros before the first digit take no room.
      if (count < EXACT_DIGITS) high = high * 10 + digit;
      else if (count < PAIR_DIGITS) low = low * 10 + digit;
      if (count > 0 || digit > 0) count += 1;
    } else if (octet === POINT && point < 0) point = at;
    else break;
  }
  if (at - first === (point < 0 ? 0 : 1)) {
    into.at = from;
    return Number.NaN;
  }
  if (at < to && ((octets[at] as number) | SMALL) === LOWER_E) {
    const exponent = scanExponent(octets, at + 1, to, into);
    if (into.at > at + 1) {
      at = into.at;
      power += exponent;
    }
  }
  into.at = at;
  const value = count <= PAIR_DIGITS ? magnitude(high, low, count, power) : Number.NaN;
  // NaN: none of the short ways was certain.
  if (Number.isNaN(value)) return Number(asciiText(octets, from, at));
  return sign === MINUS ? -value : value;
}

/** Digits after `e`, with a sign; `from` in `into` when there are none. */
function scanExponent(octets: Uint8Array, from: number, to: number, into: DecimalEnd): number {
  let at = from;
  const sign = at < to ? (octets[at] as number) : 0;
  if (sign === MINUS || sign === PLUS) at += 1;
  const first = at;
  let exponent = 0;
  for (; at < to; at += 1) {
    const digit = (octets[at] as number) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    if (exponent < MAX_EXPONENT) exponent = exponent * 10 + digit;
  }
  into.at = at === first ? from : at;
  return sign === MINUS ? -exponent : exponent;
}

/** `count` digits times ten to the power; NaN where that takes more than two floats. */
function magnitude(high: number, low: number, count: number, power: number): number {
  if (count <= EXACT_DIGITS) {
    if (power >= -EXACT_POWER && power <= EXACT_POWER) {
      return power < 0 ? high / (POWERS[-power] as number) : high * (POWERS[power] as number);
    }
    if (high === 0) return 0;
  }
  if (power > 0 || power < -2 * EXACT_POWER) return Number.NaN;
  return roundedQuotient(high, low, count, -power);
}

/** (high · 10^(count − 15) + low) / 10^power, rounded once; NaN where two floats cannot tell to which side. */
function roundedQuotient(high: number, low: number, count: number, power: number): number {
  let sum = high;
  let rest = 0;
  if (count > EXACT_DIGITS) {
    const scale = POWERS[count - EXACT_DIGITS] as number;
    const product = high * scale;
    sum = product + low;
    rest = productError(high, scale, product) + (low - (sum - product));
    const total = sum + rest;
    rest -= total - sum;
    sum = total;
  }
  for (let left = power; left > 0; left -= EXACT_POWER) {
    const divisor = POWERS[Math.min(left, EXACT_POWER)] as number;
    const quotient = sum / divisor;
    const product = quotient * divisor;
    const correction = (sum - product - productError(quotient, divisor, product) + rest) / divisor;
    sum = quotient + correction;
    rest = correction - (sum - quotient);
  }
  const error = sum * PAIR_ERROR;
  return sum + (rest - error) === sum && sum + (rest + error) === sum ? sum : Number.NaN;
}

/** a · b − product, exactly. */
function productError(a: number, b: number, product: number): number {
  const scaledA = SPLITTER * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = SPLITTER * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

function asciiText(octets: Uint8Array, from: number, to: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset + from, to - from).latin1Slice();
}
