import { setTimeout as sleep } from 'node:timers/promises';
import { createAws } from '../aws/clients.ts';
import type { Aws, Backend } from '../aws/clients.ts';
import type { Clock, Place } from '../engine/types.ts';
import { embeddedHook } from './embedded-hook.ts';
import { proxyAgent } from './proxy.ts';
import type { Proxy } from './proxy.ts';

/** Far above any healthy answer (research: ecosystem §1.7). */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;
/** Route 53's 5 requests a second are shared with everybody: patience, not failure. */
const MAX_ATTEMPTS = 10;

/** Clients that act with the function's own role, at one place; through a proxy where the document names one. */
export function createFunctionAws(place: Place, proxy?: Proxy): Aws {
  return createAws({
    backend: backendOf(proxy),
    accounts: new Map([[place.account, { alias: 'own', id: place.account }]]),
    defaultAccount: place.account,
    defaultRegion: place.region,
    role: 'apply',
    run: 'function',
    clock: pacingClock(),
    ownCredentials: true,
  });
}

function backendOf(proxy: Proxy | undefined): Backend {
  const plugin = embeddedHook()?.plugin;
  const agent = proxy && proxyAgent(proxy);
  return {
    options: ({ region }) => ({
      region,
      requestHandler: { ...TIMEOUTS, ...(agent && { httpsAgent: agent }) },
      maxAttempts: MAX_ATTEMPTS,
      retryMode: 'adaptive',
    }),
    ...(plugin && { plugin }),
  };
}

/** The time a function lives by: in the embedded account its clock, which waiting turns. */
export function functionClock(): Clock {
  const hook = embeddedHook();
  if (hook) return { now: () => hook.now(), sleep: (milliseconds) => hook.sleep(milliseconds) };
  return { now: Date.now, sleep: sleepUnlessStopped };
}

/** Time for request budgets: in the embedded account counted and not slept. */
function pacingClock(): Clock {
  if (!embeddedHook()) return functionClock();
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
}

async function sleepUnlessStopped(milliseconds: number, stop?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, stop ? { signal: stop } : {}).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}
