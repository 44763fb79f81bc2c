import type { Calls } from '../engine/types.ts';

/** What was called between two counts. */
export function callsSince(before: Calls, after: Calls): Calls {
  const services = Object.entries(after).map(([service, { reads, writes }]) => {
    const { reads: oldReads = 0, writes: oldWrites = 0 } = before[service] ?? {};
    return [service, { reads: reads - oldReads, writes: writes - oldWrites }] as const;
  });
  return Object.fromEntries(services.filter(([, { reads, writes }]) => reads + writes > 0));
}
