import type { Clock } from '../engine/types.ts';

/** Waits until the next request may be sent. */
export type Pace = () => Promise<void>;

/** Evenly spaced requests, so many a second; concurrent callers queue in order. */
export function createPace(requestsPerSecond: number, clock: Clock): Pace {
  const interval = 1000 / requestsPerSecond;
  let next = 0;
  return async function pace() {
    const now = clock.now();
    const at = Math.max(now, next);
    next = at + interval;
    if (at > now) await clock.sleep(at - now);
  };
}
