import type { Deliveries } from './delivery/deliveries.ts';
import { EmbeddedError } from './errors.ts';
import type { Host } from './host.ts';
import type { Pollers } from './lambda/pollers.ts';
import type { Delivery } from './service.ts';
import { clockworks } from './services.ts';

/** The account as far as the clock turns it. */
export interface Turning {
  readonly host: Host;
  readonly deliveries: Deliveries;
  readonly pollers: Pollers;
  /** Ends when no function runs and nothing is being delivered. */
  settled(): Promise<void>;
}

/**
 * Turns the clock forward; what is due on the way is struck at its moment, one moment after the other. Messages whose
 * time is past, such as those that a killed process left, come first.
 */
export async function turnClock(milliseconds: number, turning: Turning): Promise<void> {
  checkDuration(milliseconds);
  const { host, deliveries, pollers } = turning;
  await turning.settled();
  const end = host.now() + milliseconds;
  let last = host.now();
  await deliveries.strike();
  await pollers.strike();
  await turning.settled();
  for (let at = nextDue(last, end, turning); at !== undefined; at = nextDue(last, end, turning)) {
    last = at;
    turnTo(at, host);
    for (const delivery of strike(at, host)) await host.functions.deliver(delivery);
    await deliveries.strike();
    await pollers.strike();
    await turning.settled();
    settle(host);
  }
  turnTo(end, host);
  settle(host);
}

/** @throws EmbeddedError TU4015 */
export function checkDuration(milliseconds: number): void {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return;
  throw new EmbeddedError(
    'TU4015',
    `The clock of an embedded account cannot advance by ${milliseconds}.`,
    'Give a number of milliseconds from 0.',
  );
}

function nextDue(after: number, end: number, { host, deliveries, pollers }: Turning): number | undefined {
  const moments = host.read((data) => clockworks().flatMap((clockwork) => clockwork.due(after, data) ?? []));
  const messages = [deliveries.due(), pollers.due()].flatMap((moment) => moment ?? []);
  const next = Math.min(...moments, ...messages.map((moment) => Math.max(moment, after)));
  return next <= end ? next : undefined;
}

/** The clock may be there already: time passes while functions run. */
function turnTo(at: number, host: Host): void {
  const ahead = at - host.now();
  if (ahead > 0) host.elapse(ahead);
}

function strike(at: number, host: Host): readonly Delivery[] {
  const deliveries: Delivery[] = [];
  host.change((data) => {
    const due = clockworks().filter((clockwork) => clockwork.due(at - 1, data) === at);
    for (const clockwork of due) deliveries.push(...clockwork.strike(at, data));
  });
  return deliveries;
}

/** One after the other: each sees what those before it have written, alarms the metrics of all others. */
function settle(host: Host): void {
  for (const clockwork of clockworks()) {
    if (clockwork.settle !== undefined) host.change((data, now) => clockwork.settle?.(now, data));
  }
}
