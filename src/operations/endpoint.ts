import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../aws/clients.ts';
import { countedClock, realClock } from '../aws/clocks.ts';
import { MAX_ATTEMPTS, TIMEOUTS } from '../aws/http.ts';
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

/** @param caller twelve digits: where the caller itself lives, as far as the embedded account is concerned. */
export function backendOf(endpoint: Endpoint, caller: string, timeouts: Timeouts = TIMEOUTS): Backend {
  if (endpoint.kind === 'embedded') {
    const { account } = endpoint;
    return {
      options: (place) => ({ ...account.clientOptions({ region: place.region, account: caller }) }),
      plugin: account.plugin,
    };
  }
  return {
    options: ({ region }, { patient }) => ({
      region,
      ...(endpoint.kind === 'url' && { endpoint: endpoint.url }),
      requestHandler: patient ? PATIENT_TIMEOUTS : timeouts,
      maxAttempts: patient ? 1 : MAX_ATTEMPTS,
      retryMode: 'adaptive',
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

/** Time for request budgets: counted, and in the embedded account not slept. */
export function pacingClockOf(endpoint: Endpoint): Clock {
  return endpoint.kind === 'embedded' ? countedClock() : realClock;
}
