import type { Timers } from '../../src/dns/transfer/timers.ts';

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

/** Real time, but whatever is waited for is due at once: pauses between attempts cost nothing. */
export const hastyTimers: Timers = {
  now: () => 0,
  after(_milliseconds, run) {
    const due = setImmediate(run);
    return () => clearImmediate(due);
  },
};
