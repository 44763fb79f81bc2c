// npm run bench [-- transfer diff packing calls scale survival survival-bodies survival-run]: measures, and prints the tables that docs/performance.md quotes.
import { cpus } from 'node:os';
import { callsBench } from './calls.mjs';
import { diffBench } from './diff.mjs';
import { packingBench } from './packing.mjs';
import { scaleBench } from './scale.mjs';
import { isInstalled, versionOf } from './support/programs.mjs';
import { survivalBodiesBench } from './survival-bodies.mjs';
import { survivalBench } from './survival.mjs';
import { survivalRunBench } from './survival-run.mjs';
import { transferBench } from './transfer.mjs';

const BENCHES = {
  transfer: transferBench,
  diff: diffBench,
  packing: packingBench,
  calls: callsBench,
  scale: scaleBench,
  survival: survivalBench,
  'survival-bodies': survivalBodiesBench,
  'survival-run': survivalRunBench,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`bench: ${unknown.join(', ')} is none of ${Object.keys(BENCHES).join(', ')}`);
  process.exit(64);
}

// Servers and temporary directories go in handlers of `exit`, which a signal alone does not call.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const versions = ['named', 'nsd'].filter(isInstalled).map(versionOf);
const [processor, ...others] = cpus();
const machine = [`${1 + others.length} × ${processor.model}`, `Node ${process.versions.node}`, ...versions];
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine.join(', ')}\n`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) console.log(`## ${name}\n\n${await bench()}\n`);
}
