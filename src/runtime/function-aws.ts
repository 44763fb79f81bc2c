import { createAws } from '../aws/clients.ts';
import type { Aws, Backend } from '../aws/clients.ts';
import { countedClock, realClock } from '../aws/clocks.ts';
import { TIMEOUTS } from '../aws/http.ts';
import { createRetryStrategy } from '../aws/retry.ts';
import type { Clock, Place } from '../engine/types.ts';
import { embeddedHook } from './embedded-hook.ts';
import { proxyAgent } from './proxy.ts';
import type { Proxy } from './proxy.ts';

/** Clients that act with the function's own role, at one place; through a proxy where the document names one. */
export function createFunctionAws(place: Place, proxy?: Proxy): Aws {
  // For request budgets and retries: in the embedded account counted and not slept.
  const clock = embeddedHook() ? countedClock() : realClock;
  return createAws({
    backend: backendOf(clock, proxy),
    accounts: new Map([[place.account, { alias: 'own', id: place.account }]]),
    defaultAccount: place.account,
    defaultRegion: place.region,
    role: 'apply',
    run: 'function',
    clock,
    ownCredentials: true,
  });
}

function backendOf(clock: Clock, proxy: Proxy | undefined): Backend {
  const plugin = embeddedHook()?.plugin;
  const agent = proxy && proxyAgent(proxy);
  return {
    options: ({ region }) => ({
      region,
      requestHandler: { ...TIMEOUTS, ...(agent && { httpsAgent: agent }) },
      retryStrategy: createRetryStrategy(clock, Math.random),
    }),
    ...(plugin && { plugin }),
  };
}

/** The time a function lives by: in the embedded account its clock, which waiting turns. */
export function functionClock(): Clock {
  const hook = embeddedHook();
  return hook ? { now: () => hook.now(), sleep: (milliseconds) => hook.sleep(milliseconds) } : realClock;
}
