import { uptime } from 'node:os';
import type { Clock } from '../engine/types.ts';

/** Almost 25 days. What is longer a timer of Node takes for one millisecond (Node: TIMEOUT_MAX). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, stop) {
    await pause(Math.min(milliseconds, LONGEST_TIMER_MS), stop);
    if (milliseconds > LONGEST_TIMER_MS && !stop?.aborted) {
      await realClock.sleep(milliseconds - LONGEST_TIMER_MS, stop);
    }
  },
};

/** @param milliseconds of one timer */
function pause(milliseconds: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve();
    const timer = setTimeout(end, milliseconds);
    stop?.addEventListener('abort', end, { once: true });

    function end(): void {
      clearTimeout(timer);
      stop?.removeEventListener('abort', end);
      resolve();
    }
  });
}

/** `os.uptime` counts whole seconds on some systems: less than this is no sleep. */
const SHORTEST_SLEEP_MS = 1_100;

/**
 * Runs forward by itself, whatever is done to the time of day, and also while the machine sleeps: `performance.now`
 * stands still then (Linux, CLOCK_MONOTONIC), and a lease would outlive itself. Its zero means nothing.
 */
export function sleeplessClock(awake = (): number => performance.now(), up = (): number => uptime() * 1000): Clock {
  const booted = up() - awake();
  let asleep = 0;
  return {
    now() {
      const missing = up() - awake() - booted - asleep;
      if (missing > SHORTEST_SLEEP_MS) asleep += missing;
      return awake() + asleep;
    },
    sleep: (milliseconds, stop) => realClock.sleep(milliseconds, stop),
  };
}

export const monotonicClock: Clock = sleeplessClock();

/** Time that is counted and not slept: for request budgets where nobody's requests are spared by waiting. */
export function countedClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
}
