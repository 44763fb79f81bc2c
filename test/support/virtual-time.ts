import { setImmediate as settle } from 'node:timers/promises';
import type { Clock } from '../../src/engine/types.ts';

/** Time that several actors share: it stands while anybody works, and goes on to whoever wakes next. */
export interface VirtualTime {
  /** Milliseconds since the beginning. */
  now(): number;
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
  /** A clock of one of them, whose zero is its own. */
  clock(offset?: number): Clock;
  /**
   * Lets time pass until the task has ended.
   *
   * @param isBusy whether somebody works of whom time knows nothing; without it nobody does
   * @throws when nobody will wake any more
   */
  run<Result>(task: Promise<Result>, isBusy?: () => boolean): Promise<Result>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function virtualTime(): VirtualTime {
  let now = 0;
  /** In the order in which they wake; of one moment, who lay down first. */
  const sleepers: Sleeper[] = [];

  function sleep(milliseconds: number, stop?: AbortSignal): Promise<void> {
    if (stop?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        at: now + Math.max(0, milliseconds),
        wake() {
          stop?.removeEventListener('abort', rise);
          resolve();
        },
      };
      function rise(): void {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        resolve();
      }
      const before = sleepers.findLastIndex(({ at }) => at <= sleeper.at);
      sleepers.splice(before + 1, 0, sleeper);
      stop?.addEventListener('abort', rise, { once: true });
    });
  }

  return {
    now: () => now,
    sleep,
    clock: (offset = 0) => ({ now: () => now + offset, sleep }),
    async run(task, isBusy) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      task.then(over, over);
      for (;;) {
        // Whatever follows from the last moment without time happens first.
        await settle();
        if (isOver) return task;
        if (isBusy?.()) continue;
        const next = sleepers.shift();
        // Then it is a socket that is waited for.
        if (!next && isBusy) continue;
        if (!next) throw new Error(`nobody wakes any more after ${now} ms`);
        now = next.at;
        next.wake();
      }
    },
  };
}
