import { describe, expect, it } from 'vitest';
import { copyPlan, MAX_OBJECT, USUAL_PART } from './copy-plan.ts';
import { mostWithin, secondsFor, timeoutFor } from './copy-time.ts';

describe('the time that a copy needs of an invocation', () => {
  it.each([
    ['a usual part, with the shortest timeout', USUAL_PART, 57, '1m'],
    ['the largest part, with that by default', 5 * 2 ** 30, 299, '5m'],
  ])('is that of one call: %s', (_what, octets, seconds, timeout) => {
    expect(timeoutFor(octets)).toBe(timeout);
    expect(secondsFor(octets === USUAL_PART ? USUAL_PART : MAX_OBJECT)).toBe(seconds);
  });

  it.each([60, 90, 120, 240, 300])(
    'the largest object of %d seconds is one whose parts are done in them',
    (seconds) => {
      const most = mostWithin(seconds);
      expect(secondsFor(most)).toBeLessThanOrEqual(seconds);
      if (most < MAX_OBJECT) expect(secondsFor(most + 1)).toBeGreaterThan(seconds);
      expect(copyPlan(most).kind).toBe('parts');
    },
  );
});
