// A process of its own for the fits, so that what it uses is what they need: node survival-process.mjs trueup|plain RESULTS
// Prints CPU seconds of each run and megabytes; RESULTS gets hazard ratio and z of each gene, as doubles.
import { writeFileSync } from 'node:fs';
import { fitCox } from 'trueup/survival';
import { fillMatrix, GENES, readPatients } from './survival-data.mjs';
import { fitPlainly } from './survival-plain.mjs';

const RUNS = 5;
const MEGABYTE = 1e6;

const [which, file] = process.argv.slice(2);
const { times, events } = readPatients();
const matrix = fillMatrix(new Float64Array(GENES * times.length));
const values = Array.from({ length: GENES }, (_, gene) =>
  matrix.subarray(gene * times.length, (gene + 1) * times.length),
);
const fit = { trueup: fitCox, plain: fitPlainly }[which];

const before = process.memoryUsage().rss;
const seconds = [];
let rows = [];
for (let run = 0; run < RUNS; run += 1) {
  rows = [];
  const start = process.cpuUsage();
  rows = fit({ times, events, values });
  const { user, system } = process.cpuUsage(start);
  seconds.push((user + system) / 1e6);
}
writeFileSync(file, Float64Array.from(rows.flatMap(({ hazard, z }) => [hazard, z])));
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  JSON.stringify({
    seconds,
    matrix: matrix.byteLength / MEGABYTE,
    before: before / MEGABYTE,
    peak: peak / MEGABYTE,
    iterations: rows.reduce((sum, row) => sum + row.iterations, 0) / GENES,
  }),
);
