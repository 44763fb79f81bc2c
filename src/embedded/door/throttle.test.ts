import { expect, it } from 'vitest';
import { takeToken, throttleOf } from './throttle.ts';
import type { Bucket } from './throttle.ts';

/** How many of the requests at these moments are let through. */
function passedOf(moments: readonly number[], rate: number, burst: number): number {
  let bucket: Bucket | undefined;
  let passed = 0;
  for (const at of moments) {
    const after = takeToken(bucket, { rate, burst }, at);
    if (after !== undefined) passed += 1;
    bucket = after ?? bucket;
  }
  return passed;
}

it.each<[string, readonly number[], number, number, number]>([
  ['no more at once than the burst', Array.from({ length: 9 }, () => 0), 1, 5, 5],
  ['those at the rate', Array.from({ length: 20 }, (_, index) => index * 500), 2, 1, 20],
  ['half of those at twice the rate', Array.from({ length: 20 }, (_, index) => index * 250), 2, 1, 10],
  ['as many as the burst after a long pause', [0, 0, 0, 1e9, 1e9, 1e9], 1, 2, 4],
  ['none without a burst', [0, 1000, 2000], 10, 0, 0],
  ['the burst alone without a rate', [0, 1e6, 2e6], 0, 2, 2],
  ['no more when the clock goes back', [1000, 0, 500, 1000], 1, 1, 1],
  ['what is lacking bit by bit', [0, 400, 800, 1000], 1, 1, 2],
])('lets through %s', (_case, moments, rate, burst, passed) => {
  expect(passedOf(moments, rate, burst)).toBe(passed);
});

it('holds a route to its own settings, to those of the stage, and to those of the account', () => {
  const stage = { defaults: { ThrottlingRateLimit: 10 }, byRoute: { 'GET /': { ThrottlingRateLimit: 1 } } };
  expect(throttleOf(stage, 'GET /')).toEqual({ rate: 1, burst: 5000 });
  expect(throttleOf(stage, 'POST /')).toEqual({ rate: 10, burst: 5000 });
  expect(throttleOf({ defaults: { ThrottlingRateLimit: 1e6 }, byRoute: {} }, 'GET /').rate).toBe(10_000);
});
