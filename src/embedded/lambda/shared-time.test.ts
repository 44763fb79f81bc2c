import { expect, it } from 'vitest';
import { createSharedTime, readTime, tellTime } from './shared-time.ts';

it('tells a clock that stands, to the fraction of a millisecond', () => {
  const time = createSharedTime(false);
  for (const told of [0, 1_795_341_600_000, 1_795_341_600_000.25]) {
    tellTime(time, told);
    expect(readTime(time)).toBe(told);
  }
});

it('tells one that runs by how far it is ahead', () => {
  const time = createSharedTime(true);
  tellTime(time, 3_600_000);
  const before = Date.now();
  const read = readTime(time) - 3_600_000;
  expect(read).toBeGreaterThanOrEqual(before);
  expect(read).toBeLessThanOrEqual(Date.now());
});
