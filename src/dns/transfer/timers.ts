/** Monotonic time and timers, so that tests can turn them. */
export interface Timers {
  /** Milliseconds from an arbitrary origin; never goes back. */
  now(): number;
  /** Runs once after so many milliseconds, or earlier where they are more than a timer can take; the result cancels. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Node's timers count in 31 bits; what is longer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};
