import type { Clock } from './types.ts';

/** How long an action may wait in all for something pending (in sync, draining) before it is given up. */
export const PENDING_BUDGET_MS = 10 * 60_000;
/** How long a finished write may look unfinished: reads after writes are eventually consistent (threats F11). */
export const SETTLE_BUDGET_MS = 60_000;
export const SETTLE_PAUSE_MS = 2_000;

/** Between looks at what a write should have changed by now: `SETTLE_BUDGET_MS` in all. */
const SETTLE_PAUSES_MS = [2_000, 4_000, 8_000, 16_000, 30_000];

/** The pauses before one look after the other: growing, and the last one again and again. */
export function growingPauses(): () => number {
  let next = 0;
  return () => SETTLE_PAUSES_MS[Math.min(next++, SETTLE_PAUSES_MS.length - 1)] ?? SETTLE_PAUSE_MS;
}

/** A wait for something that the engine cannot hurry: counts against a budget. */
export interface Patience {
  /** @returns false, and does not wait, when the budget is spent. */
  wait(milliseconds: number): Promise<boolean>;
}

export function createPatience(clock: Clock, budget: number, stop: AbortSignal): Patience {
  let left = budget;
  return {
    async wait(milliseconds) {
      if (milliseconds > left) return false;
      left -= milliseconds;
      await clock.sleep(milliseconds, stop);
      return true;
    },
  };
}
