import type { Environment } from './environment.ts';
import { tooManyRequests } from './errors.ts';
import { ACCOUNT_CONCURRENCY } from './limits.ts';
import { functionKey } from './model.ts';
import type { StoredFunction } from './model.ts';
import { rowKeyIn } from '../row-key.ts';

interface Idle {
  readonly environment: Environment;
  /** Milliseconds since the epoch, by the account's clock. */
  readonly since: number;
}

interface Slots {
  running: number;
  /** The one that was used last stands last, and is the first to be used again. */
  idle: readonly Idle[];
}

/** Execution environments of all functions, and how many of them are at work. */
export interface Pool {
  /** Takes a slot. @throws TooManyRequestsException */
  admit(found: StoredFunction): void;
  release(found: StoredFunction): void;
  /** Ends when an invocation has ended, or at once where a slot is free by now; undefined: the function never gets one. */
  nextRelease(found: StoredFunction): Promise<void> | undefined;
  /** A warm environment for what is deployed now. */
  take(found: StoredFunction): Environment | undefined;
  giveBack(found: StoredFunction, environment: Environment, now: number): void;
  /** Ends idle environments that are not wanted any more. */
  sweep(isWanted: (key: string, environment: Environment, since: number) => boolean): void;
}

export function createPool(): Pool {
  const slots = new Map<string, Slots>();
  let waiting: (() => void)[] = [];

  function slotsOf(key: string): Slots {
    const known = slots.get(key) ?? { running: 0, idle: [] };
    slots.set(key, known);
    return known;
  }

  function runningIn({ account, region }: StoredFunction): number {
    const prefix = rowKeyIn('', { account, region });
    return [...slots].reduce((sum, [key, { running }]) => (key.startsWith(prefix) ? sum + running : sum), 0);
  }

  /** Why the function gets no slot now. */
  function refusal(found: StoredFunction): string | undefined {
    const { reservedConcurrency } = found;
    if (reservedConcurrency !== undefined && slotsOf(functionKey(found)).running >= reservedConcurrency) {
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    }
    return runningIn(found) >= ACCOUNT_CONCURRENCY ? 'ConcurrentInvocationLimitExceeded' : undefined;
  }

  return {
    admit(found) {
      const reason = refusal(found);
      if (reason !== undefined) throw tooManyRequests(reason);
      slotsOf(functionKey(found)).running += 1;
    },
    release(found) {
      slotsOf(functionKey(found)).running -= 1;
      const resumed = waiting;
      waiting = [];
      for (const resume of resumed) resume();
    },
    nextRelease(found) {
      if (found.reservedConcurrency === 0) return undefined;
      if (refusal(found) === undefined) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    take(found) {
      const own = slotsOf(functionKey(found));
      const last = own.idle.findLast(
        ({ environment }) => environment.isAlive() && environment.deployment === found.deployment,
      );
      own.idle = own.idle.filter((idle) => idle !== last);
      return last?.environment;
    },
    giveBack(found, environment, now) {
      const own = slotsOf(functionKey(found));
      own.idle = [...own.idle, { environment, since: now }];
    },
    sweep(isWanted) {
      for (const [key, own] of slots) {
        const unwanted = own.idle.filter(
          ({ environment, since }) => !environment.isAlive() || !isWanted(key, environment, since),
        );
        for (const { environment } of unwanted) environment.end();
        own.idle = own.idle.filter((idle) => !unwanted.includes(idle));
      }
    },
  };
}
