import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from '../aws/clients.ts';
import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Clock } from '../engine/types.ts';

/** Where the tool works: AWS, an emulator behind a URL, or the embedded account. */
export type Endpoint =
  | { readonly kind: 'aws' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly account: EmbeddedAccount };

/** The SDK has no default time-outs (research: ecosystem §1.7); these are far above any healthy answer. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;
/** A function runs for 15 minutes at most (Lambda quotas); a minute more for the way. */
const PATIENT_TIMEOUTS = { ...TIMEOUTS, requestTimeout: 16 * 60_000 } as const;
/** Throttling is answered with patience, not with failure: 5 requests a second are shared with everybody. */
const MAX_ATTEMPTS = 10;

/** @param caller twelve digits: where the caller itself lives, as far as the embedded account is concerned. */
export function backendOf(endpoint: Endpoint, caller: string): Backend {
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
      requestHandler: patient ? PATIENT_TIMEOUTS : TIMEOUTS,
      maxAttempts: patient ? 1 : MAX_ATTEMPTS,
      retryMode: 'adaptive',
    }),
  };
}

/** The time the engine lives by. In the embedded account waiting turns its clock instead of sleeping. */
export function clockOf(endpoint: Endpoint): Clock {
  if (endpoint.kind !== 'embedded') return { now: Date.now, sleep: sleepUnlessStopped };
  const { account } = endpoint;
  return {
    now: () => account.now(),
    async sleep(milliseconds) {
      account.elapse(milliseconds);
    },
  };
}

async function sleepUnlessStopped(milliseconds: number, stop?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, stop ? { signal: stop } : {}).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

/** Time for request budgets: counted, and in the embedded account not slept. */
export function pacingClockOf(endpoint: Endpoint): Clock {
  if (endpoint.kind !== 'embedded') return clockOf(endpoint);
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
}
