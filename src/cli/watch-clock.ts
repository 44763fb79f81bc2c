import { realClock } from '../aws/clocks.ts';
import type { Clock } from '../engine/types.ts';
import { clockOf } from '../operations/endpoint.ts';
import type { Endpoint } from '../operations/endpoint.ts';
import { readClock } from './endpoint.ts';

/**
 * The clock of a watch: it shows the time that every verb tells at this endpoint, and really waits. Where the account's
 * clock stands still (`TRUEUP_NOW`) it is moved on by what was waited: the next run is told, and leases end, that much
 * later.
 */
export function watchClock(
  endpoint: Endpoint,
  environment: NodeJS.ProcessEnv = process.env,
  real: Clock = realClock,
): Clock {
  const told = clockOf(endpoint);
  const isStill = endpoint.kind === 'embedded' && readClock(environment) !== undefined;
  return {
    now: () => told.now(),
    async sleep(milliseconds, stop) {
      await real.sleep(milliseconds, stop);
      if (isStill && !stop?.aborted) endpoint.account.elapse(milliseconds);
    },
  };
}
