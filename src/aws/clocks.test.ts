import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realClock, sleeplessClock } from './clocks.ts';

describe('F06 the clock of leases', () => {
  it('goes on while the machine sleeps, and no faster than time for that', () => {
    let awake = 500;
    let up = 90_000;
    const clock = sleeplessClock(
      () => awake,
      () => Math.floor(up / 1000) * 1000,
    );
    const start = clock.now();

    const readings = [0, 300, 600, 900, 1200].map((elapsed) => {
      awake = 500 + elapsed;
      up = 90_000 + elapsed;
      return clock.now() - start;
    });
    // An hour with the lid closed.
    up += 3_600_000;
    const woken = clock.now() - start;
    awake += 10;
    up += 10;

    expect(readings).toEqual([0, 300, 600, 900, 1200]);
    expect(woken).toBeGreaterThanOrEqual(3_600_000);
    expect(woken).toBeLessThanOrEqual(3_602_000);
    expect(clock.now() - start).toBe(woken + 10);
  });
});

describe('the real clock', () => {
  const DAY = 24 * 3_600_000;

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sleeps longer than a timer of 32 bits reaches', async () => {
    let isAwake = false;
    const slept = realClock.sleep(60 * DAY).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(60 * DAY - 1);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
    expect(isAwake).toBe(true);
  });

  it('is woken within it, and sets no further timer', async () => {
    const end = new AbortController();
    const slept = realClock.sleep(60 * DAY, end.signal);
    await vi.advanceTimersByTimeAsync(40 * DAY);
    end.abort();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
  });
});
