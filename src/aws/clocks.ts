import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../engine/types.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, stop) {
    await sleep(milliseconds, undefined, stop ? { signal: stop } : {}).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  },
};

/** Runs forward by itself, whatever is done to the time of day. Its zero means nothing. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, stop) => realClock.sleep(milliseconds, stop),
};

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
