import { timedOut } from './function-errors.ts';
import type { FunctionError } from './wire.ts';

/** How the start of an environment or an invocation ended. */
export interface Ending {
  /** JSON of the answer. */
  readonly payload?: string;
  readonly error?: FunctionError;
  readonly timedOut?: true;
  /** Milliseconds, with what it let pass of the account's clock. */
  readonly duration: number;
  /** Bytes of the heap; undefined: it did not live to tell. */
  readonly heap?: number;
}

/** Waits for one ending at a time, and not longer than a limit. */
export interface Watch {
  /** @param limit milliseconds */
  begin(requestId: string, limit: number): Promise<Ending>;
  /** What the function lets pass of the account's clock counts as if it had waited. */
  spend(milliseconds: number): void;
  /** The ending of what is waited for, if anything is. */
  settle(ending: Omit<Ending, 'duration'>, duration?: number): void;
  /** Of what is waited for; empty: of nothing, or of the start. */
  requestId(): string;
}

interface Wait {
  readonly requestId: string;
  readonly limit: number;
  /** By `performance.now()`. */
  readonly began: number;
  readonly timer: NodeJS.Timeout | undefined;
  readonly spent: number;
  readonly resolve: (ending: Ending) => void;
}

export function createWatch(onOverdue: (ending: Ending) => void): Watch {
  let wait: Wait | undefined;

  /** Sets the timer to what is left of the limit; at once where nothing is left. */
  function arm(next: Omit<Wait, 'timer'>): void {
    clearTimeout(wait?.timer);
    const error = timedOut(next.requestId, next.limit / 1000);
    const giveUp = (): void => onOverdue({ error, timedOut: true, duration: next.limit });
    const left = next.limit - next.spent - (performance.now() - next.began);
    wait = { ...next, timer: left > 0 ? setTimeout(giveUp, left) : undefined };
    if (left <= 0) giveUp();
  }

  return {
    begin(requestId, limit) {
      return new Promise((resolve) => arm({ requestId, limit, began: performance.now(), spent: 0, resolve }));
    },
    spend(milliseconds) {
      if (wait !== undefined) arm({ ...wait, spent: wait.spent + milliseconds });
    },
    settle(ending, duration) {
      if (wait === undefined) return;
      const { timer, resolve, began, spent } = wait;
      wait = undefined;
      clearTimeout(timer);
      resolve({ ...ending, duration: duration ?? performance.now() - began + spent });
    },
    requestId: () => wait?.requestId ?? '',
  };
}
