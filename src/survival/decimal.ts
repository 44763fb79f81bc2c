/**
 * Decimal text to float64, correctly rounded, straight from ASCII octets: no string is made of what has up to 18 digits and
 * no exponent. Where the digits are an exact float64, one division by an exact power of ten is enough (Clinger 1990, "How
 * to read floating point numbers accurately"); beyond that the quotient is taken in two floats (Dekker 1971), and kept where
 * the bound of its error cannot change the rounding. All else is left to `Number`.
 */

/** Digits that an integer of 32 bits takes: they are added up in two such, which is faster than in floats. */
const HALF_DIGITS = 9;
/** All of them are float64s: 5^18 < 2^53. */
const POWERS = Float64Array.from({ length: 2 * HALF_DIGITS + 1 }, (_, power) => 10 ** power);
/** Bound of the relative error of a pair after a division: it is below 2^-101. */
const PAIR_ERROR = 2 ** -99;
/** Splits a float64 into halves whose products are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

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

const one = new Float64Array(1);

/**
 * The number that `octets[from … to)` is, whole: sign, digits with a point, exponent, as R, Python and Excel write them
 * (`-1.5e-03`, `+2`, `.5`, `5.`, `007`).
 * @returns NaN when it is no such number, also for `NA`, `Infinity` and surrounding blanks; ±Infinity beyond float64.
 */
export function parseDecimal(octets: Uint8Array, from: number, to: number): number {
  const end = readDecimal(octets, from, to, one, 0);
  return end !== NONE && Math.abs(end) === to ? (one[0] as number) : Number.NaN;
}

/**
 * The number that begins at `from`, as far as it goes.
 * @returns NaN, and `from` in `into`, when none begins there.
 */
export function scanDecimal(octets: Uint8Array, from: number, to: number, into: DecimalEnd): number {
  const end = readDecimal(octets, from, to, one, 0);
  into.isPlain = end > NONE;
  into.at = end === NONE ? from : Math.abs(end);
  return end === NONE ? Number.NaN : (one[0] as number);
}

/** What `readDecimal` returns where no number begins: none ends there. */
export const NONE = 0;

/**
 * Writes the number that begins at `from` to `values[index]`: a float64 that is returned would have to be made an object.
 * @returns where the number ends, negative where JSON does not write it so (`isPlain`); `NONE` when none begins there
 */
export function readDecimal(octets: Uint8Array, from: number, to: number, values: Float64Array, index: number): number {
  // The usual number, in one pass: at most 18 digits, zeros in front among them, and no exponent.
  let at = from;
  const isNegative = at < to && octets[at] === MINUS;
  if (isNegative) at += 1;
  const first = at;
  let high = 0;
  let low = 0;
  let digit = 0;
  let most = Math.min(to, first + HALF_DIGITS);
  while (at < most && (digit = (octets[at] as number) - ZERO) >= 0 && digit <= 9) {
    high = (Math.imul(high, 10) + digit) | 0;
    at += 1;
  }
  const whole = at;
  let lows = 0;
  let places = 0;
  if (at < to && octets[at] === POINT) {
    at += 1;
    most = Math.min(to, at + HALF_DIGITS - (whole - first));
    while (at < most && (digit = (octets[at] as number) - ZERO) >= 0 && digit <= 9) {
      high = (Math.imul(high, 10) + digit) | 0;
      at += 1;
    }
    if (at === most) {
      most = Math.min(to, at + HALF_DIGITS);
      while (at < most && (digit = (octets[at] as number) - ZERO) >= 0 && digit <= 9) {
        low = (Math.imul(low, 10) + digit) | 0;
        at += 1;
        lows += 1;
      }
    }
    places = at - whole - 1;
    if (places === 0) return readAny(octets, from, to, values, index);
  }
  if (whole === first || (at < to && mayGoOn(octets[at] as number))) return readAny(octets, from, to, values, index);
  const value = quotient(high, low, lows, POWERS[places] as number);
  if (Number.isNaN(value)) return readAny(octets, from, to, values, index);
  values[index] = isNegative ? -value : value;
  return whole === first + 1 || octets[first] !== ZERO ? at : -at;
}

/** Another digit, the point behind nine of them, or an exponent. */
function mayGoOn(octet: number): boolean {
  return (octet >= ZERO && octet <= ZERO + 9) || octet === POINT || (octet | SMALL) === LOWER_E;
}

/** As `readDecimal`, of any number. */
function readAny(octets: Uint8Array, from: number, to: number, values: Float64Array, index: number): number {
  let at = from;
  const sign = at < to ? (octets[at] as number) : 0;
  if (sign === MINUS || sign === PLUS) at += 1;
  const first = at;
  at = endOfDigits(octets, at, to);
  const whole = at;
  if (at < to && octets[at] === POINT) at = endOfDigits(octets, at + 1, to);
  const isPointed = at > whole;
  const places = isPointed ? at - whole - 1 : 0;
  if (whole === first && places === 0) return NONE;
  const isPlain =
    sign !== PLUS && whole > first && (octets[first] !== ZERO || whole === first + 1) && (!isPointed || places > 0);
  const end = endOfExponent(octets, at, to);
  values[index] = Number(asciiText(octets, from, end));
  return isPlain ? end : -end;
}

function endOfDigits(octets: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (octets[at] as number) >= ZERO && (octets[at] as number) <= ZERO + 9) at += 1;
  return at;
}

/** Behind `e`, a sign and digits; `from` where they are not all there. */
function endOfExponent(octets: Uint8Array, from: number, to: number): number {
  if (from >= to || ((octets[from] as number) | SMALL) !== LOWER_E) return from;
  const sign = from + 1 < to ? (octets[from + 1] as number) : 0;
  const first = sign === MINUS || sign === PLUS ? from + 2 : from + 1;
  const end = endOfDigits(octets, first, to);
  return end > first ? end : from;
}

/** (high · 10^lows + low) / divisor, rounded once; NaN where two floats cannot tell to which side. */
function quotient(high: number, low: number, lows: number, divisor: number): number {
  // Exact: high · 5^9 < 2^53.
  const upper = high * (POWERS[lows] as number);
  const sum = upper + low;
  const rest = low - (sum - upper);
  const first = sum / divisor;
  if (rest === 0) return first;
  const product = first * divisor;
  const correction = (sum - product - productError(first, divisor, product) + rest) / divisor;
  const result = first + correction;
  const left = correction - (result - first);
  const error = result * PAIR_ERROR;
  return result + (left - error) === result && result + (left + error) === result ? result : Number.NaN;
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
