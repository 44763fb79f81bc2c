import type { Clock } from '../../src/engine/types.ts';

/** Longer than any look at a held lease, shorter than any renewal: looks cost no time, and renewals wait for theirs. */
const LOOK_MS = 1_000;

/** Time for leases: it is not waited for when a held one is watched. */
export function skippingClock(): Clock {
  let skipped = 0;
  return {
    now: () => performance.now() + skipped,
    sleep(milliseconds, stop) {
      if (milliseconds <= LOOK_MS) {
        skipped += milliseconds;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        stop?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
