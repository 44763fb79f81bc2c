import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../aws/clients.ts';
import { countedClock, monotonicClock, realClock } from '../aws/clocks.ts';
import { BRIEF_TIMEOUTS, TIMEOUTS } from '../aws/http.ts';
import { createRetryStrategy, sendOnce } from '../aws/retry.ts';
import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Clock } from '../engine/types.ts';

/** Where the tool works: AWS, an emulator behind a URL, or the embedded account. */
export type Endpoint =
  | { readonly kind: 'aws' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly account: EmbeddedAccount };

/** A function runs for 15 minutes at most (Lambda quotas); a minute more for the way. */
const PATIENT_TIMEOUTS = { ...TIMEOUTS, requestTimeout: 16 * 60_000 } as const;

export interface Timeouts {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
}

/** A request must be over, one way or the other, well within the life of the lease under which it was sent. */
export function timeoutsWithin(lifeMs: number): Timeouts {
  return {
    ...TIMEOUTS,
    connectionTimeout: Math.min(TIMEOUTS.connectionTimeout, lifeMs / 12),
    requestTimeout: Math.min(TIMEOUTS.requestTimeout, lifeMs / 4),
  };
}

export interface BackendOptions {
  readonly timeouts?: Timeouts;
  /** Aborted: what failed is not sent again. The lease is given back with patience. */
  readonly stop?: AbortSignal;
}

/** @param caller twelve digits: where the caller itself lives, as far as the embedded account is concerned. */
export function backendOf(
  endpoint: Endpoint,
  caller: string,
  { timeouts = TIMEOUTS, stop }: BackendOptions = {},
): Backend {
  if (endpoint.kind === 'embedded') {
    const { account } = endpoint;
    return {
      options: (place, { brief }) => ({
        ...account.clientOptions({ region: place.region, account: caller }),
        ...(brief && { retryStrategy: sendOnce() }),
      }),
      plugin: account.plugin,
    };
  }
  return {
    options: ({ region }, { patient, brief, ungated }) => ({
      region,
      ...(endpoint.kind === 'url' && { endpoint: endpoint.url }),
      requestHandler: patient ? PATIENT_TIMEOUTS : brief ? BRIEF_TIMEOUTS : timeouts,
      ...(patient
        ? { maxAttempts: 1 }
        : {
            retryStrategy: brief
              ? sendOnce()
              : createRetryStrategy(monotonicClock, Math.random, ungated ? undefined : stop),
          }),
    }),
  };
}

/** The time the engine lives by. In the embedded account waiting turns its clock instead of sleeping. */
export function clockOf(endpoint: Endpoint): Clock {
  if (endpoint.kind !== 'embedded') return realClock;
  const { account } = endpoint;
  return {
    now: () => account.now(),
    async sleep(milliseconds) {
      account.elapse(milliseconds);
      // Nothing is waited for, and yet others have their turn: signals, and the renewal of the lease.
      await setImmediate();
    },
  };
}

/** Time for request budgets: in the embedded account counted, and not slept. */
export function pacingClockOf(endpoint: Endpoint): Clock {
  return endpoint.kind === 'embedded' ? countedClock() : realClock;
}
