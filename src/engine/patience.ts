import type { Clock } from './types.ts';

/** How long an action may wait in all for something pending (in sync, draining) before it is given up. */
export const PENDING_BUDGET_MS = 10 * 60_000;
/** How long a finished write may look unfinished: reads after writes are eventually consistent (threats F11). */
export const SETTLE_BUDGET_MS = 60_000;
export const SETTLE_PAUSE_MS = 2_000;

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
