import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../aws/clients.ts';
import { countedClock, monotonicClock, realClock } from '../aws/clocks.ts';
import { BRIEF_TIMEOUTS, TIMEOUTS } from '../aws/http.ts';
import { createRetryStrategy, sendOnce } from '../aws/retry.ts';
import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Clock } from '../engine/types.ts';

/** Where the tool works: AWS, an emulator behind a URL, the embedded account, or wherever it runs as a function. */
export type Endpoint =
  | { readonly kind: 'aws' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly account: EmbeddedAccount }
  | { readonly kind: 'function'; readonly surroundings: Surroundings };

/** What a function of ours finds itself in: Lambda, or the embedded account behind its hook. */
export interface Surroundings {
  /** Attached to every client. */
  readonly plugin?: unknown;
  readonly clock: Clock;
  /** Time for request budgets and retries. */
  readonly pacingClock: Clock;
}

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
      options: (place, { brief, once }) => ({
        ...account.clientOptions({ region: place.region, account: caller }),
        ...((brief || once) && { retryStrategy: sendOnce() }),
      }),
      plugin: account.plugin,
    };
  }
  const surroundings = endpoint.kind === 'function' ? endpoint.surroundings : undefined;
  const retryClock = surroundings?.pacingClock ?? monotonicClock;
  return {
    options: ({ region }, { patient, brief, once, ungated }) => ({
      region,
      ...(endpoint.kind === 'url' && { endpoint: endpoint.url }),
      requestHandler: patient ? PATIENT_TIMEOUTS : brief ? BRIEF_TIMEOUTS : timeouts,
      ...(patient
        ? { maxAttempts: 1 }
        : {
            retryStrategy:
              brief || once ? sendOnce() : createRetryStrategy(retryClock, Math.random, ungated ? undefined : stop),
          }),
    }),
    ...(surroundings?.plugin !== undefined && { plugin: surroundings.plugin }),
  };
}

/** The time the engine lives by. In the embedded account waiting turns its clock instead of sleeping. */
export function clockOf(endpoint: Endpoint): Clock {
  if (endpoint.kind === 'function') return endpoint.surroundings.clock;
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
  if (endpoint.kind === 'function') return endpoint.surroundings.pacingClock;
  return endpoint.kind === 'embedded' ? countedClock() : realClock;
}
