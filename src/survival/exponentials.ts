/** e^y = 2^m · 2^(j/64) · e^r, with y = (64m + j) · ln 2/64 + r and |r| ≤ ln 2/128. */
const PARTS = 64;
const PART_BITS = 6;
const ROOTS = Float64Array.from({ length: PARTS }, (_, j) => 2 ** (j / PARTS));
/** 2^m from -1023 on: those of |y| < 600 are among them. */
const LEAST_POWER = -1023;
const POWERS = Float64Array.from({ length: 2047 }, (_, at) => 2 ** (at + LEAST_POWER));

const PARTS_OF_ONE = PARTS / Math.LN2;
/** Added and taken off again, it leaves a number of less than 2^51 rounded to a whole one. */
const ROUNDER = 1.5 * 2 ** 52;
/** ln 2/64 in two: the first has so few bits that its product with any 64m + j is exact; ln 2 is 2.3e-17 more than its double. */
const HIGH_BITS = 2 ** 40;
const PART_HIGH = Math.floor((Math.LN2 / PARTS) * HIGH_BITS) / HIGH_BITS;
const PART_LOW = Math.LN2 / PARTS - PART_HIGH + 2.3190468138462996e-17 / PARTS;

/**
 * Sets result[i] to e^(factor · x[i]), of exponents below 600, within two units of the last place. Without a call for each it is
 * half as dear as `Math.exp`: r is so small that five terms of the series are enough (r^6/720 is below 4e-17).
 */
export function exponentials(x: Float64Array, result: Float64Array, from: number, to: number, factor: number): void {
  // What the bundle makes variables of is constant here.
  const [roots, powers, scale, high, low] = [ROOTS, POWERS, PARTS_OF_ONE, PART_HIGH, PART_LOW];
  for (let i = from; i < to; i += 1) {
    const y = factor * (x[i] as number);
    const parts = y * scale + ROUNDER - ROUNDER;
    const r = y - parts * high - parts * low;
    const whole = parts | 0;
    const root = roots[whole & (PARTS - 1)] as number;
    const power = root * (powers[(whole >> PART_BITS) - LEAST_POWER] as number);
    result[i] = power + power * (r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  }
}
