import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceByQ } from '../../src/survival/tables/q-values.ts';

function qOf(p: readonly number[]): readonly number[] {
  const q = Float64Array.from(p);
  replaceByQ(q);
  return [...q];
}

const ps = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.05, Number.NaN)), {
  maxLength: 60,
});

describe("Benjamini and Hochberg's q", () => {
  it.each([
    // By hand: p · m / rank, and the smallest of those after it.
    { p: [0.01, 0.04, 0.03, 0.005], q: [0.02, 0.04, 0.04, 0.02] },
    { p: [0.5, 0.5, 0.5], q: [0.5, 0.5, 0.5] },
    { p: [0.9, 0.001], q: [0.9, 0.002] },
    { p: [0.2], q: [0.2] },
    { p: [0, 1], q: [0, 1] },
    { p: [Number.NaN, 0.02, Number.NaN, 0.04], q: [Number.NaN, 0.04, Number.NaN, 0.04] },
    { p: [], q: [] },
  ])('of $p', ({ p, q }) => {
    const found = qOf(p);
    expect(found).toHaveLength(q.length);
    for (const [index, value] of q.entries()) {
      if (Number.isNaN(value)) expect(found[index]).toBeNaN();
      else expect(found[index]).toBeCloseTo(value, 14);
    }
  });

  it('is never below its p, never above 1, and never falls where p rises', () => {
    fc.assert(
      fc.property(ps, (p) => {
        const pairs = qOf(p)
          .map((q, index) => ({ q, p: p[index]! }))
          .filter((pair) => !Number.isNaN(pair.p))
          .sort((a, b) => a.p - b.p);
        for (const [index, { q, p: own }] of pairs.entries()) {
          expect(q).toBeGreaterThanOrEqual(own * (1 - 1e-15));
          expect(q).toBeLessThanOrEqual(1);
          expect(q).toBeGreaterThanOrEqual(pairs[index - 1]?.q ?? 0);
        }
      }),
    );
  });

  it('is, by its definition, the smallest p·m/rank of all that are not smaller', () => {
    fc.assert(
      fc.property(ps, (p) => {
        const known = p.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
        const defined = (own: number): number =>
          Math.min(1, ...known.flatMap((value, index) => (value >= own ? [(value * known.length) / (index + 1)] : [])));
        expect(qOf(p)).toEqual(p.map((own) => (Number.isNaN(own) ? Number.NaN : defined(own))));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(ps, fc.integer(), (p, seed) => {
        const shuffled = p
          .map((value, index) => ({ value, index, key: Math.sin(seed + index) }))
          .sort((a, b) => a.key - b.key);
        const q = qOf(shuffled.map(({ value }) => value));
        const back = p.map((_, index) => q[shuffled.findIndex((one) => one.index === index)]);
        expect(back).toEqual(qOf(p));
      }),
    );
  });

  it('ranks rows by their p, equal ones in their order, and leaves out those without one', () => {
    const { order } = replaceByQ(Float64Array.of(0.3, Number.NaN, 0.1, 0.3, 0));
    expect([...order]).toEqual([4, 2, 0, 3]);
  });
});
