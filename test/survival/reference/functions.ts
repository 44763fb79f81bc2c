import {
  absolute,
  add,
  compare,
  divide,
  fromNumber,
  multiply,
  negate,
  ONE,
  PRECISION,
  real,
  sign,
  squareRoot,
  subtract,
  toNumber,
  TWO,
  ZERO,
} from './real.ts';
import type { Real } from './real.ts';

/** Bits behind the binary point in the series below: some more than the result has. */
const SCALE = PRECISION + 64;

/** Σ t^(2i+1)/(2i+1) for t = 1/q: the area hyperbolic tangent of 1/q, times 2^bits. */
function atanhOfInverse(q: bigint, bits: number): bigint {
  let power = (1n << BigInt(bits)) / q;
  let total = 0n;
  for (let odd = 1n; power !== 0n; odd += 2n) {
    total += power / odd;
    power /= q * q;
  }
  return total;
}

/** Σ (−1)^i t^(2i+1)/(2i+1) for t = 1/q: the arc tangent of 1/q, times 2^bits. */
function atanOfInverse(q: bigint, bits: number): bigint {
  let power = (1n << BigInt(bits)) / q;
  let total = 0n;
  for (let odd = 1n; power !== 0n; odd += 2n) {
    total += odd % 4n === 1n ? power / odd : -(power / odd);
    power /= q * q;
  }
  return total;
}

/** Enough for arguments of exp up to 2^300 to leave all digits of the remainder. */
const LN2_BITS = 2 * SCALE + 64;
const LN2_SCALED = 2n * atanhOfInverse(3n, LN2_BITS);

export const LN2 = real(LN2_SCALED, -LN2_BITS);
/** Machin's formula. */
export const PI = real(4n * (4n * atanOfInverse(5n, SCALE) - atanOfInverse(239n, SCALE)), -SCALE);
const ROOT_PI = squareRoot(PI);
const ROOT_TWO = squareRoot(TWO);

/** The remainder is halved this often before the series and squared as often after it. */
const HALVINGS = 16;

/** Exponents are numbers, and exact up to here. */
const LARGEST = 1n << 50n;

/** e^a, by e^a = 2^k e^r with |r| ≤ ln 2 / 2 and the exponential series. */
export function exp(a: Real): Real {
  if (a.m === 0n) return ONE;
  const shift = a.e + LN2_BITS;
  const fixed = shift >= 0 ? a.m << BigInt(shift) : a.m >> BigInt(-shift);
  const k = (2n * fixed + LN2_SCALED) / (2n * LN2_SCALED) - (2n * fixed + LN2_SCALED < 0n ? 1n : 0n);
  if (k > LARGEST || k < -LARGEST) throw new RangeError('exponent beyond 2^50');
  const remainder = (fixed - k * LN2_SCALED) >> BigInt(LN2_BITS - SCALE + HALVINGS);
  const one = 1n << BigInt(SCALE);
  let term = one;
  let total = one;
  for (let i = 1n; term !== 0n && term !== -1n; i += 1n) {
    term = (term * remainder) >> BigInt(SCALE);
    term /= i;
    total += term;
  }
  for (let i = 0; i < HALVINGS; i += 1) total = (total * total) >> BigInt(SCALE);
  return real(total, Number(k) - SCALE);
}

/** e^a as a double, Infinity and 0 beyond its range. */
export function expToNumber(a: Real): number {
  if (compare(absolute(a), fromNumber(2000)) > 0) return sign(a) > 0 ? Infinity : 0;
  return toNumber(exp(a));
}

/** ln a: a double's logarithm y first, then 2 artanh(d/(2 + d)) with d = a e^−y − 1, which is small. */
export function log(a: Real): Real {
  if (sign(a) <= 0) throw new RangeError('logarithm of a number that is not positive');
  const bits = a.m.toString(2).length;
  const y = add(fromNumber(Math.log(toNumber({ m: a.m, e: -bits }))), multiply(fromNumber(bits + a.e), LN2));
  const d = subtract(multiply(a, exp(negate(y))), ONE);
  const t = divide(d, add(TWO, d));
  const square = multiply(t, t);
  let power = t;
  let total = ZERO;
  for (let odd = 1n; odd < 15n; odd += 2n) {
    total = add(total, divide(power, real(odd)));
    power = multiply(power, square);
  }
  return add(y, multiply(TWO, total));
}

/** From here the continued fraction needs fewer steps than the series has terms, and the series loses digits. */
const FRACTION_FROM = fromNumber(3);
/** Enough at 3 for 77 digits; the number falls with the square of the argument. */
const FRACTION_STEPS = 420;

/** ln erfc(x) for x ≥ 0, however large. */
export function logErfc(x: Real): Real {
  if (sign(x) < 0) throw new RangeError('erfc of a negative number');
  if (compare(x, FRACTION_FROM) < 0) return log(subtract(ONE, erfSeries(x)));
  const square = multiply(x, x);
  return negate(add(square, log(multiply(ROOT_PI, erfcFraction(x)))));
}

/** erf x = 2/√π e^(−x²) Σ 2^i x^(2i+1) / (1·3·…·(2i+1)): all terms positive. */
function erfSeries(x: Real): Real {
  if (sign(x) === 0) return ZERO;
  const square = multiply(x, x);
  let term = x;
  let total = x;
  for (let odd = 3n; toNumber(divide(term, total)) > 2 ** -(PRECISION + 20); odd += 2n) {
    term = divide(multiply(multiply(TWO, square), term), real(odd));
    total = add(total, term);
  }
  return divide(multiply(multiply(TWO, total), exp(negate(square))), ROOT_PI);
}

/** F in erfc x = e^(−x²) / (√π F): F = x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))). */
function erfcFraction(x: Real): Real {
  let fraction = x;
  for (let i = BigInt(FRACTION_STEPS); i > 0n; i -= 1n) fraction = add(x, divide(real(i, -1), fraction));
  return fraction;
}

/** ln of the two-sided p of a standard normal z. */
export function logTwoSidedP(z: Real): Real {
  return logErfc(divide(absolute(z), ROOT_TWO));
}

/** z with a two-sided p of 5 %, by Newton's method on erfc. */
export const Z_975 = ((): Real => {
  const target = log(divide(ONE, real(20n)));
  let z = fromNumber(1.959963984540054);
  for (let i = 0; i < 6; i += 1) {
    const logP = logTwoSidedP(z);
    const density = divide(exp(negate(divide(multiply(z, z), TWO))), multiply(ROOT_TWO, ROOT_PI));
    // d ln p / dz = −2 φ(z) / p
    const slope = divide(multiply(TWO, density), exp(logP));
    z = add(z, divide(subtract(logP, target), slope));
  }
  return z;
})();

export const LN10 = log(real(10n));
