import { createAws } from '../aws/clients.ts';
import type { Aws, Backend } from '../aws/clients.ts';
import { countedClock, realClock } from '../aws/clocks.ts';
import { BRIEF_TIMEOUTS, SLOW_TIMEOUTS, TIMEOUTS } from '../aws/http.ts';
import { createRetryStrategy, sendOnce } from '../aws/retry.ts';
import type { Account, Clock, Place } from '../engine/types.ts';
import { embeddedHook } from './embedded-hook.ts';
import { proxyAgent } from './proxy.ts';
import type { Proxy } from './proxy.ts';

export interface FunctionAwsOptions {
  readonly proxy?: Proxy;
  /** Other accounts, with the role that the function assumes there. */
  readonly members?: readonly Omit<Account, 'alias'>[];
}

/** Clients that act with the function's own role, or with one that it assumes in another account. */
export function createFunctionAws(place: Place, { proxy, members = [] }: FunctionAwsOptions = {}): Aws {
  // For request budgets and retries: in the embedded account counted and not slept.
  const clock = embeddedHook() ? countedClock() : realClock;
  const accounts = [{ id: place.account }, ...members].map((account) => ({ ...account, alias: account.id }));
  return createAws({
    backend: backendOf(clock, proxy),
    accounts: new Map(accounts.map((account) => [account.id, account])),
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
    options: ({ region }, { brief, once, slow }) => ({
      region,
      requestHandler: {
        ...(brief ? BRIEF_TIMEOUTS : slow ? SLOW_TIMEOUTS : TIMEOUTS),
        ...(agent && { httpsAgent: agent }),
      },
      retryStrategy: brief || once ? sendOnce() : createRetryStrategy(clock, Math.random),
    }),
    ...(plugin && { plugin }),
  };
}

/** The time a function lives by: in the embedded account its clock, which waiting turns. */
export function functionClock(): Clock {
  const hook = embeddedHook();
  return hook ? { now: () => hook.now(), sleep: (milliseconds) => hook.sleep(milliseconds) } : realClock;
}
