import type { Clock } from '../engine/types.ts';
import { isMuteDenial } from './errors.ts';

/** One call: how often it was repeated, and since when it goes wrong. */
interface RetryToken {
  getRetryCount(): number;
  /** For the SDK to sleep; none: the strategy has waited by its own clock. */
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
  readonly since: number | undefined;
  /** It was sent again for a clock already. */
  readonly isResigned: boolean;
}

interface Failure {
  /** `THROTTLING`, `TRANSIENT` (a 5xx, a time-out, no connection, a clock), or what is not repeated. */
  readonly errorType: string;
  readonly error?: unknown;
}

/** The SDK's second retry interface, as far as its retry middleware calls it. */
export interface RetryStrategy {
  readonly mode: string;
  acquireInitialRetryToken(): Promise<RetryToken>;
  refreshRetryTokenForRetry(token: RetryToken, failure: Failure): Promise<RetryToken>;
  recordSuccess(): void;
}

interface Manner {
  readonly firstPauseMs: number;
  /** Throttling of a whole minute is borne (threats F08); what is broken is left soon (threats F09). */
  readonly patienceMs: number;
}

/** The pauses are the SDK's (AWS SDKs and Tools Reference Guide, "Retry behavior"). */
const MANNERS: Readonly<Record<string, Manner>> = {
  THROTTLING: { firstPauseMs: 1_000, patienceMs: 120_000 },
  TRANSIENT: { firstPauseMs: 50, patienceMs: 30_000 },
};
const LONGEST_PAUSE_MS = 20_000;
/** A client that has not failed for so long begins anew: a function may stay warm for hours. */
const FORGOTTEN_MS = 60_000;

/** How services refuse what was signed at another time than theirs (the SDK's list but for a plain denial). */
const OF_CLOCKS: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);
/** S3's refusal to wait for a body: a 400 that may be repeated whatever the clock. */
const SLOW_BODY: ReadonlySet<string> = new Set(['RequestTimeout', 'RequestTimeoutException']);

/**
 * Repeats failures for a time, and not for a number of attempts. The SDK's own strategies give up after a hundred
 * throttled attempts of all calls of a client together, which a minute without answers uses up. What fails for longer
 * fails, and so does every next call of this client, at its first attempt, until one succeeds: however many calls a
 * command has before it, it ends.
 *
 * Each client has its own: one for a service, an account and a region.
 *
 * @param random from 0 to below 1
 * @param stop nobody waits any more
 */
export function createRetryStrategy(clock: Clock, random: () => number, stop?: AbortSignal): RetryStrategy {
  let outage: { readonly since: number; last: number } | undefined;

  return {
    mode: 'standard',
    acquireInitialRetryToken: () => Promise.resolve(retryToken({ retries: 0, since: undefined, isResigned: false })),
    async refreshRetryTokenForRetry(token, { errorType, error }) {
      const retries = token.getRetryCount() + 1;
      const { since: failedAt, isResigned } = token;
      if (errorType === 'TRANSIENT' && isRefusedUnderSkew(error)) {
        if (isResigned || !speaksOfClocks(error)) throw new Error('It would be refused by any clock.');
        return retryToken({ retries, since: failedAt, isResigned: true });
      }
      const manner = MANNERS[errorType];
      if (!manner) throw new Error('It would fail again.');
      const now = clock.now();
      if (!outage || now - outage.last > FORGOTTEN_MS) outage = { since: now, last: now };
      outage.last = now;
      const since = failedAt ?? now;
      const longest = Math.min(LONGEST_PAUSE_MS, manner.firstPauseMs * 2 ** token.getRetryCount());
      // Callers that failed together come back apart, and none at once.
      const pause = longest * (0.5 + random() / 2);
      if (now + pause > Math.min(since, outage.since) + manner.patienceMs) throw new Error('It fails for too long.');
      await clock.sleep(pause, stop);
      if (stop?.aborted) throw new Error('Nobody waits for it any more.');
      return retryToken({ retries, since, isResigned });
    },
    recordSuccess() {
      outage = undefined;
    },
  };
}

/** For calls that are sent once, whatever comes of it. */
export function sendOnce(): RetryStrategy {
  return {
    mode: 'standard',
    acquireInitialRetryToken: () => Promise.resolve(retryToken({ retries: 0, since: undefined, isResigned: false })),
    refreshRetryTokenForRetry: () => Promise.reject(new Error('It is sent once.')),
    recordSuccess() {},
  };
}

interface Course extends Pick<RetryToken, 'since' | 'isResigned'> {
  readonly retries: number;
}

function retryToken({ retries, ...rest }: Course): RetryToken {
  return { getRetryCount: () => retries, getRetryDelay: () => 0, getRetryCost: () => undefined, ...rest };
}

/**
 * The SDK signs by the service's clock once it has seen it. Where ours is minutes off it then calls every failure
 * transient, because it has just measured anew: also what is not there, or denied (threats F16).
 */
function isRefusedUnderSkew(error: unknown): boolean {
  const { httpStatusCode: status = 0, clockSkewCorrected = false } =
    (error as { $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean } } | undefined)?.$metadata ?? {};
  return clockSkewCorrected && status >= 400 && status < 500 && !(error instanceof Error && SLOW_BODY.has(error.name));
}

function speaksOfClocks(error: unknown): boolean {
  return isMuteDenial(error) || (error instanceof Error && OF_CLOCKS.has(error.name));
}
