/** Monotonic time and timers, so that tests can turn them. */
export interface Timers {
  /** Milliseconds from an arbitrary origin; never goes back. */
  now(): number;
  /** Runs once after so many milliseconds; the result cancels. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
