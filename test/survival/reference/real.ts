/**
 * Floating-point numbers of 256 bits (77 significant digits) on BigInt: value = m × 2^e. Slow, and without any limit of
 * the exponent, so that nothing overflows, underflows or cancels where 53 bits would.
 *
 * Results are cut to 256 bits, not rounded: an error of one in the last of 77 digits.
 */
export interface Real {
  readonly m: bigint;
  readonly e: number;
}

export const PRECISION = 256;

/** A term this many bits below the other does not show in their sum. */
const OUT_OF_SIGHT = PRECISION + 64;

export const ZERO: Real = { m: 0n, e: 0 };
export const ONE: Real = { m: 1n, e: 0 };
export const TWO: Real = { m: 2n, e: 0 };

/** Bits of |m|, or one more. Good for numbers of less than 1,024 bits, which all are. */
function bitsOf(m: bigint): number {
  return m === 0n ? 0 : Math.floor(Math.log2(Math.abs(Number(m)))) + 1;
}

/** m × 2^e, cut to the precision. */
export function real(m: bigint, e = 0): Real {
  const excess = bitsOf(m) - PRECISION;
  return excess > 0 ? { m: m >> BigInt(excess), e: e + excess } : { m, e };
}

/** Exactly this double. */
export function fromNumber(value: number): Real {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const m = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return { m: value < 0 ? -m : m, e: Math.max(exponent, 1) - 1075 };
}

export function add(a: Real, b: Real): Real {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  const [high, low] = a.e >= b.e ? [a, b] : [b, a];
  const gap = high.e - low.e;
  // Only where even the lower one's leading bit lies beyond the last bit of the higher one.
  if (gap > OUT_OF_SIGHT + bitsOf(low.m)) return high;
  return real((high.m << BigInt(gap)) + low.m, low.e);
}

export function negate(a: Real): Real {
  return { m: -a.m, e: a.e };
}

export function absolute(a: Real): Real {
  return a.m < 0n ? negate(a) : a;
}

export function subtract(a: Real, b: Real): Real {
  return add(a, negate(b));
}

export function multiply(a: Real, b: Real): Real {
  return real(a.m * b.m, a.e + b.e);
}

export function divide(a: Real, b: Real): Real {
  if (b.m === 0n) throw new RangeError('division by zero');
  const shift = Math.max(0, PRECISION + 2 + bitsOf(b.m) - bitsOf(a.m));
  return real((a.m << BigInt(shift)) / b.m, a.e - b.e - shift);
}

export function squareRoot(a: Real): Real {
  if (a.m < 0n) throw new RangeError('square root of a negative number');
  if (a.m === 0n) return ZERO;
  let shift = Math.max(0, 2 * PRECISION + 4 - bitsOf(a.m));
  if ((a.e - shift) % 2 !== 0) shift += 1;
  return real(integerRoot(a.m << BigInt(shift)), (a.e - shift) / 2);
}

/** The whole part of √m, by Newton's method from above. */
function integerRoot(m: bigint): bigint {
  let root = 1n << BigInt(Math.ceil((bitsOf(m) + 1) / 2));
  for (;;) {
    const next = (root + m / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** −1, 0 or 1. */
export function sign(a: Real): number {
  if (a.m === 0n) return 0;
  return a.m < 0n ? -1 : 1;
}

/** Negative, 0 or positive, as a − b is. */
export function compare(a: Real, b: Real): number {
  return sign(subtract(a, b));
}

/** All at the place of the largest exponent, and cut once. */
export function sum(terms: readonly Real[]): Real {
  const present = terms.filter(({ m }) => m !== 0n);
  if (present.length === 0) return ZERO;
  const lowest = Math.max(...present.map(({ e }) => e)) - OUT_OF_SIGHT;
  let total = 0n;
  for (const { m, e } of present) total += e >= lowest ? m << BigInt(e - lowest) : m >> BigInt(lowest - e);
  return real(total, lowest);
}

/** The nearest double, ties to even; ±Infinity beyond, denormals and 0 below. */
export function toNumber(a: Real): number {
  if (a.m === 0n) return 0;
  const exponent = a.e + bitsOf(a.m);
  if (exponent > 1025) return a.m < 0n ? -Infinity : Infinity;
  if (exponent < -1080) return a.m < 0n ? -0 : 0;
  if (a.e >= 0) return Number(a.m << BigInt(a.e));
  if (exponent > -1021) return Number(a.m) * 2 ** Math.ceil(a.e / 2) * 2 ** Math.floor(a.e / 2);
  // Denormal or next to it: rounded once, to a multiple of 2^-1074.
  return Number(roundShift(a.m, -1074 - a.e)) * 2 ** -1074;
}

/** m / 2^shift to the nearest whole number, ties to even. */
function roundShift(m: bigint, shift: number): bigint {
  if (shift <= 0) return m << BigInt(-shift);
  const unit = 1n << BigInt(shift);
  const down = m >> BigInt(shift);
  const twice = (m - down * unit) * 2n;
  return twice > unit || (twice === unit && (down & 1n) === 1n) ? down + 1n : down;
}

/** Decimal digits of the value, for comparison with printed constants: `0.1234e5`, cut and not rounded. */
export function digitsOf(a: Real, digits: number): string {
  if (a.m === 0n) return '0';
  const m = a.m < 0n ? -a.m : a.m;
  let exponent = Math.ceil((a.e + bitsOf(m)) * Math.log10(2));
  for (;;) {
    const power = digits - exponent;
    const above = (m << BigInt(Math.max(a.e, 0))) * 10n ** BigInt(Math.max(power, 0));
    const below = (1n << BigInt(Math.max(-a.e, 0))) * 10n ** BigInt(Math.max(-power, 0));
    const text = String(above / below);
    if (text.length === digits) return `${a.m < 0n ? '-' : ''}0.${text}e${exponent}`;
    exponent += text.length > digits ? 1 : -1;
  }
}
