import { systemTimers, type Timers } from '../../src/dns/transfer/timers.ts';

/** A clock that stands until it is turned. */
export interface ManualTimers extends Timers {
  /** Moves the clock and runs what has become due, in order. */
  advance(milliseconds: number): void;
  /** Timers that wait. */
  readonly waiting: number;
}

export function manualTimers(): ManualTimers {
  let now = 0;
  const queue = new Set<{ readonly at: number; readonly run: () => void }>();

  function nextDue(until: number): { readonly at: number; readonly run: () => void } | undefined {
    const due = [...queue].filter(({ at }) => at <= until);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }

  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      queue.add(timer);
      return () => queue.delete(timer);
    },
    advance(milliseconds) {
      const until = now + milliseconds;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        queue.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
      }
      now = until;
    },
    get waiting() {
      return queue.size;
    },
  };
}

/** How many times faster `fastTimers` are than the clock on the wall. */
const HASTE = 50;

/** Real time, faster: pauses between attempts cost next to nothing. */
export const fastTimers: Timers = {
  now: () => systemTimers.now() * HASTE,
  after: (milliseconds, run) => systemTimers.after(milliseconds / HASTE, run),
};
