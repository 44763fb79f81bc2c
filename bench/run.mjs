// npm run bench [-- transfer diff packing calls scale]: measures and prints the tables that docs/performance.md quotes.
import { transferBench } from './transfer.mjs';

const BENCHES = { transfer: transferBench };

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`## ${name}\n\n${await bench()}\n`);
}
