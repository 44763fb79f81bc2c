import { compare, divide, fromNumber, multiply, real, subtract, sum } from './real.ts';
import type { Real } from './real.ts';

/** √(2^−52), the tolerance of R's `timefix`. */
const TOLERANCE = real(1n, -26);

/**
 * Times that differ by no more than the tolerance, absolutely or relative to the mean of the distinct times, are one
 * time: the first of its chain. Of the subjects with a value.
 */
export function mergeTimes(times: readonly number[]): readonly number[] {
  const distinct = [...new Set(times)].sort((a, b) => a - b);
  const mean = divide(sum(distinct.map(fromNumber)), real(BigInt(distinct.length)));
  const merged = new Map<number, number>();
  let first = 0;
  distinct.forEach((time, i) => {
    const gap = subtract(fromNumber(time), fromNumber(distinct[Math.max(i - 1, 0)]!));
    if (i === 0 || !isNothing(gap, mean)) first = time;
    merged.set(time, first);
  });
  return times.map((time) => merged.get(time)!);
}

function isNothing(gap: Real, mean: Real): boolean {
  return compare(gap, TOLERANCE) <= 0 || compare(gap, multiply(TOLERANCE, mean)) <= 0;
}
