import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { BEGIN, eventsChain } from './events-chain.ts';
import type { EventsBench } from './events-chain.ts';
import { bundle } from './lambda.ts';

export * from './events-chain.ts';

/** An account in memory with one bucket. */
export async function openEventsBench(options: EmbeddedOptions = {}): Promise<EventsBench> {
  const account = openEmbedded('memory', { now: () => BEGIN, ...options });
  onTestFinished(() => account.close());
  const bench = eventsBench(account);
  await bench.bucket();
  return bench;
}

/** The same for an account that is open. */
export function eventsBench(account: EmbeddedAccount): EventsBench {
  return eventsChain(account, bundle);
}
