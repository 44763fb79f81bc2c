import type { Clock } from '../engine/types.ts';
import type { Failure } from './client.ts';

/** Times that one request is sent at most (threats F23). */
const MOST_ATTEMPTS = 5;
/** Longest single wait: a limit that lasts longer is not waited for. */
const LONGEST_WAIT_MS = 120_000;
const FIRST_PAUSE_MS = 1_000;
/** GitHub Docs, "Rate limits": without a header that says more, at least a minute. */
const UNTOLD_LIMIT_MS = 60_000;

/**
 * Whether sending it again may help. `refused`: it was surely not done, a rate limit. `lost`: nobody knows whether it
 * was done. `never`: GitHub means it.
 */
export function isRepeatable(failure: Failure): 'refused' | 'lost' | 'never' {
  if (isLimit(failure)) return 'refused';
  return failure.status === 0 || failure.status >= 500 ? 'lost' : 'never';
}

/** A primary limit is used up, or a secondary one hit (GitHub Docs, "Rate limits for the REST API"). */
function isLimit({ status, headers, message }: Failure): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['retry-after'] !== undefined || isUsedUp(headers) || /secondary rate limit/i.test(message);
}

function isUsedUp(headers: Failure['headers']): boolean {
  return String(headers['x-ratelimit-remaining']) === '0';
}

export interface Patience {
  /** Waits as long as GitHub asks for. @returns why it is not worth it any more, a clause; undefined: send it again */
  wait(failure: Failure): Promise<string | undefined>;
}

export function createPatience(clock: Clock): Patience {
  let attempts = 1;
  return {
    async wait(failure) {
      if (attempts === MOST_ATTEMPTS) return `it was sent ${MOST_ATTEMPTS} times`;
      const pause = pauseAfter(failure, attempts, clock.now());
      attempts += 1;
      if (pause > LONGEST_WAIT_MS) {
        return `GitHub asks to wait ${seconds(pause)} s, and more than ${seconds(LONGEST_WAIT_MS)} s is not waited for`;
      }
      await clock.sleep(pause);
      return undefined;
    },
  };
}

function seconds(milliseconds: number): string {
  return Math.ceil(milliseconds / 1_000).toLocaleString('en');
}

function pauseAfter(failure: Failure, attempts: number, now: number): number {
  const { headers } = failure;
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after)) return after * 1_000;
  const growing = FIRST_PAUSE_MS * 2 ** (attempts - 1);
  if (!isLimit(failure)) return growing;
  const reset = Number(headers['x-ratelimit-reset']);
  if (isUsedUp(headers) && Number.isFinite(reset)) return Math.max(FIRST_PAUSE_MS, reset * 1_000 - now);
  return UNTOLD_LIMIT_MS;
}
