/**
 * Decimal text to float64, correctly rounded, straight from ASCII octets: no string is made of what has up to 18 digits
 * and an exponent of usual size. Where the digits are an exact float64, one operation with an exact power of ten is enough
 * (Clinger 1990, "How to read floating point numbers accurately"); beyond that the quotient is taken in two floats (Dekker
 * 1971), and kept where the bound of its error cannot change the rounding. All else is left to `Number`.
 */

/** Digits that an integer of 32 bits takes: they are added up in two such, which is faster than in floats. */
const HALF_DIGITS = 9;
const MAX_DIGITS = 2 * HALF_DIGITS;
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

/** Where a number ends, and how it was written: filled in by `scanDecimal`. */
export interface DecimalEnd {
  at: number;
  /** As JSON writes numbers (RFC 8259, section 6): no plus, no zeros in front, digits on both sides of a point. */
  isPlain: boolean;
}

const end: DecimalEnd = { at: 0, isPlain: false };

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
  let high = 0;
  let low = 0;
  let count = 0;
  while (at < to && octets[at] === ZERO) at += 1;
  for (; at < to; at += 1) {
    const digit = ((octets[at] as number) - ZERO) | 0;
    if (digit < 0 || digit > 9) break;
    if (count < HALF_DIGITS) high = (Math.imul(high, 10) + digit) | 0;
    else if (count < MAX_DIGITS) low = (Math.imul(low, 10) + digit) | 0;
    count += 1;
  }
  const whole = at;
  let digits = whole - first;
  if (at < to && octets[at] === POINT) {
    at += 1;
    if (count === 0) while (at < to && octets[at] === ZERO) at += 1;
    for (; at < to; at += 1) {
      const digit = ((octets[at] as number) - ZERO) | 0;
      if (digit < 0 || digit > 9) break;
      if (count < HALF_DIGITS) high = (Math.imul(high, 10) + digit) | 0;
      else if (count < MAX_DIGITS) low = (Math.imul(low, 10) + digit) | 0;
      count += 1;
    }
    digits += at - whole - 1;
  }
  if (digits === 0) {
    into.at = from;
    into.isPlain = false;
    return Number.NaN;
  }
  let power = whole - first - digits;
  into.isPlain =
    sign !== PLUS &&
    whole > first &&
    (octets[first] !== ZERO || whole === first + 1) &&
    (at === whole || at > whole + 1);
  if (at < to && ((octets[at] as number) | SMALL) === LOWER_E) {
    const exponent = scanExponent(octets, at + 1, to, into);
    if (into.at > at + 1) {
      at = into.at;
      power += exponent;
    }
  }
  into.at = at;
  const value = magnitude(high, low, count, power);
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

/** `count` digits, nine of them in `high`, times ten to the power; NaN where that takes more than two floats. */
function magnitude(high: number, low: number, count: number, power: number): number {
  if (count > MAX_DIGITS) return Number.NaN;
  // Exact: high · 5^9 < 2^53.
  const upper = count > HALF_DIGITS ? high * (POWERS[count - HALF_DIGITS] as number) : high;
  const sum = upper + low;
  const rest = low - (sum - upper);
  if (rest === 0) {
    if (power <= 0 && power >= -EXACT_POWER) return sum / (POWERS[-power] as number);
    // A product of two float64s is rounded once, too.
    if (power > 0 && power <= EXACT_POWER) return sum * (POWERS[power] as number);
    if (sum === 0) return 0;
  }
  if (power > 0 || power < -2 * EXACT_POWER) return Number.NaN;
  return roundedQuotient(sum, rest, -power);
}

/** (sum + rest) / 10^power, rounded once; NaN where two floats cannot tell to which side. */
function roundedQuotient(sum: number, rest: number, power: number): number {
  let high = sum;
  let low = rest;
  for (let left = power; left > 0; left -= EXACT_POWER) {
    const divisor = POWERS[Math.min(left, EXACT_POWER)] as number;
    const quotient = high / divisor;
    const product = quotient * divisor;
    const correction = (high - product - productError(quotient, divisor, product) + low) / divisor;
    high = quotient + correction;
    low = correction - (high - quotient);
  }
  const error = high * PAIR_ERROR;
  return high + (low - error) === high && high + (low + error) === high ? high : Number.NaN;
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
  return Buffer.from(octets.buffer, octets.byteOffset + from, to - from).toString('latin1');
}
