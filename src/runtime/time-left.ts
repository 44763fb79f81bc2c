import type { Clock } from '../engine/types.ts';
import type { FunctionContext } from './context.ts';

/** Left of the function's time when nothing new is started, so that the run can still say so. */
const STOP_RESERVE_MS = 5_000;
/** A function with little time keeps this share of it for its work. */
const LEAST_SHARE = 0.25;

/** Milliseconds until so much of the function's time is left, and never less than a quarter of what there is now. */
export function beforeEnd(context: FunctionContext, reserve: number): number {
  const left = context.getRemainingTimeInMillis();
  return Math.max(left - reserve, left * LEAST_SHARE);
}

/** A run's time, and the signal that it is nearly over. */
export interface TimeLeft {
  /** Sleeps no longer than until the signal. */
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Milliseconds until the signal. */
  left(): number;
  clear(): void;
}

/**
 * Gives the signal shortly before Lambda ends the invocation: what is waited for counts, however it is waited for.
 * @param reserve milliseconds that are left then
 */
export function stopBeforeEnd(context: FunctionContext, clock: Clock, reserve: number = STOP_RESERVE_MS): TimeLeft {
  const controller = new AbortController();
  const kept = context.getRemainingTimeInMillis() - beforeEnd(context, reserve);
  const left = (): number => Math.max(0, context.getRemainingTimeInMillis() - kept);
  const timer = setTimeout(() => controller.abort(), left());
  return {
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds, stop) {
        const most = left();
        await clock.sleep(Math.min(milliseconds, most), stop);
        if (milliseconds >= most) controller.abort();
      },
    },
    stop: controller.signal,
    left,
    clear: () => clearTimeout(timer),
  };
}
