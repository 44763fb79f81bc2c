/**
 * A process with a function that waits for another day of the account's clock, bundled, spawned and killed by
 * test/embedded/deliveries.test.ts. It says a word when eight objects are written and their messages on the way.
 */
import { writeSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { openEmbedded } from '../../src/embedded/index.ts';
import { registerBundle } from '../../src/embedded/lambda/bundles.ts';
import { BEGIN, FUNCTION, TO_TOPIC, WAITS_FOR_TOMORROW, eventsChain } from './events-chain.ts';

const account = openEmbedded(process.argv[2], { now: () => BEGIN });
const bench = eventsChain(account, (source) => {
  const zip = zipSync({ 'index.mjs': [strToU8(source), { mtime: new Date('2026-01-01T00:00:00') }] });
  registerBundle(zip);
  return zip;
});
await bench.bucket();
await bench.topic();
await bench.deploy(WAITS_FOR_TOMORROW);
await bench.subscribe(FUNCTION);
await bench.notify(TO_TOPIC, true);
for (let index = 0; index < 8; index += 1) await bench.put(`k${index}`);
writeSync(1, 'written');
