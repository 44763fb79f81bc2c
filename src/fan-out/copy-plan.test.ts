import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlan, MAX_OBJECT, MAX_PARTS, partRange, USUAL_PART } from './copy-plan.ts';

const [MIB, GIB] = [2 ** 20, 2 ** 30];

describe('copyPlan', () => {
  it.each([0, 1, USUAL_PART])('copies %d octets by one request', (size) => {
    expect(copyPlan(size)).toStrictEqual({ kind: 'single' });
  });

  it.each([
    [USUAL_PART + 1, 512 * MIB, 2],
    // S3 would copy it by one call, which takes minutes between far regions: a function may have one.
    [5 * GIB, 512 * MIB, 10],
    [5 * GIB + 1, 512 * MIB, 11],
    [60 * GIB, 512 * MIB, 120],
    [MAX_OBJECT, 5 * GIB, 10_000],
  ])('copies %d octets in parts of %d', (size, partSize, parts) => {
    expect(copyPlan(size)).toStrictEqual({ kind: 'parts', partSize, parts });
  });

  it('has no plan for what S3 cannot hold', () => {
    expect(() => copyPlan(MAX_OBJECT + 1)).toThrow(RangeError);
  });

  it('covers every octet once, in parts that S3 takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: USUAL_PART + 1, max: MAX_OBJECT }), fc.nat(), (size, chosen) => {
        const plan = copyPlan(size);
        if (plan.kind === 'single') throw new Error('more than a usual part');
        expect(plan.parts).toBeLessThanOrEqual(MAX_PARTS);
        expect(plan.partSize).toBeGreaterThanOrEqual(5 * MIB);
        expect(plan.partSize).toBeLessThanOrEqual(5 * GIB);
        expect(plan.parts).toBeGreaterThan(1);
        const part = 1 + (chosen % (plan.parts - 1));
        const [one, next] = [part, part + 1].map((number) => partRange(size, plan.partSize, number));
        expect(next!.from).toBe(one!.to + 1);
        expect(partRange(size, plan.partSize, 1).from).toBe(0);
        expect(partRange(size, plan.partSize, plan.parts).to).toBe(size - 1);
      }),
    );
  });
});
