import { describe, expect, it } from 'vitest';
import { exponentials } from '../../src/survival/exponentials.ts';

/** V8's own is within one unit of the last place. */
const UNITS = 3 * 2 ** -52;

function largestError(x: Float64Array, factor: number): number {
  const result = new Float64Array(x.length);
  exponentials(x, result, 0, x.length, factor);
  return result.reduce((largest, value, i) => Math.max(largest, Math.abs(value / Math.exp(factor * x[i]!) - 1)), 0);
}

describe('exponentials', () => {
  it.each([600, 30, 1, 1e-3, 1e-9])('are Math.exp’s to the last bits, of exponents up to %d', (range) => {
    const x = Float64Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 10_000.5);
    expect(largestError(x, range)).toBeLessThan(UNITS);
  });

  it('also where the parts meet', () => {
    const x = Float64Array.from({ length: 20_000 }, (_, i) => ((i >> 1) - 5000 + (i % 2) * 1e-13 + 0.5) / 64);
    expect(largestError(x, Math.LN2)).toBeLessThan(UNITS);
  });

  it('are 1 of 0, and leave what is outside of the range given', () => {
    const result = Float64Array.of(7, 7, 7, 7);
    exponentials(Float64Array.of(1, 0, -0, 1), result, 1, 3, 5);
    expect([...result]).toEqual([7, 1, 1, 7]);
  });
});
