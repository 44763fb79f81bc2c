import { describe, expect, it } from 'vitest';
import { log10PTwoSided, pTwoSided } from '../../src/survival/p-value.ts';
import { readEdgeCases, relativeError } from './data.ts';

const { pvalues } = readEdgeCases();
const finite = pvalues.filter(({ z }) => typeof z === 'number') as readonly Record<
  'z' | 'pchisq_upper' | 'log_p',
  number
>[];

/** R's own error grows with z (3e-15 at 35, 1.2e-13 at 37), and so does what its digits of z say. */
function tolerance(z: number): number {
  return 1e-14 + z * z * 1e-16;
}

describe('p of z against R', () => {
  it.each(finite.filter(({ pchisq_upper: p }) => p > 1e-300))('z = $z', ({ z, pchisq_upper: p }) => {
    expect(relativeError(pTwoSided(z), p)).toBeLessThan(tolerance(z));
    expect(pTwoSided(-z)).toBe(pTwoSided(z));
  });

  it.each(finite.filter(({ pchisq_upper: p }) => p < 1e-300 && p > 0))(
    'z = $z, to the last of few digits',
    ({ z, pchisq_upper: p }) => {
      const bits = Math.log2(p / Number.MIN_VALUE);
      expect(relativeError(pTwoSided(z), p)).toBeLessThan(Math.max(1e-12, 2 ** -bits));
    },
  );

  it.each(finite)('log10 p of z = $z', ({ z, log_p: log }) => {
    // Near 1 R takes the logarithm of p as rounded.
    const expected = log / Math.LN10;
    expect(Math.abs(log10PTwoSided(z) - expected)).toBeLessThan(1e-16 - 1e-13 * expected);
    expect(log10PTwoSided(-z)).toBe(log10PTwoSided(z));
  });
});

describe('p of z, of 60 digits by mpmath 1.3.0', () => {
  it.each([
    [0.25, 0.8025873486341526],
    [0.49, 0.6241338988347811],
    [0.51, 0.6100514617950389],
    [1.96, 0.04999579029644087],
    [3, 0.002699796063260189],
    [8.8, 1.3681615371871092e-18],
    [8.9, 5.584668749879294e-19],
    [12.5, 7.465128597755426e-36],
    [25, 6.113393412765122e-138],
    [36.9, 4.621048962281235e-298],
  ])('z = %d', (z, p) => {
    expect(relativeError(pTwoSided(z), p)).toBeLessThan(1e-15);
  });
});

describe('p of z', () => {
  it.each([0.5, 2 * Math.PI * Math.SQRT2, 10])('is smooth at %d, where one formula gives way to the next', (z) => {
    const step = z * 1e-9;
    const slope = (pTwoSided(z + step) - pTwoSided(z - step)) / (2 * step);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    expect(relativeError(slope, -2 * density)).toBeLessThan(1e-5);
  });

  it('is 0 where no number is as small, while its logarithm goes on', () => {
    expect(pTwoSided(38.5)).toBe(Number.MIN_VALUE);
    expect(pTwoSided(39)).toBe(0);
    // log10 of 2/√(2π)/z · e^(-z²/2) (1 − 1/z² …)
    expect(
      relativeError(log10PTwoSided(1e6), (-5e11 + Math.log(Math.sqrt(2 / Math.PI) / 1e6)) * Math.LOG10E),
    ).toBeLessThan(1e-15);
    expect(log10PTwoSided(1e149)).toBeLessThan(-1e297);
  });

  it.each([0, 5e-324, 1e-200, 1e150, 1e151, 1e300, Number.MAX_VALUE])('of %d is no error', (z) => {
    expect(pTwoSided(z)).toBe(z < 1 ? 1 : 0);
    if (z < 1) expect(log10PTwoSided(z)).toBeCloseTo(0, 15);
    else if (z > 1e150) expect(log10PTwoSided(z)).toBeNaN();
  });
});
