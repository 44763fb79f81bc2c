// What it takes to read the bodies of a survival service, beside fitting what they bring, and beside JSON.parse.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { median, table } from './support/figures.mjs';

const ROWS = 20_000;
const SUBJECTS = 480;
const RUNS = 5;
/** A number that looks like a logarithm of an expression, from the index alone. */
const EXPRESSION = { seed: 12_345, most: 500 };

export async function survivalBodiesBench() {
  const { parseJsonBody, encodeBinaryBody, decodeBinaryBody, fitBody } = await load();
  const random = randomNumbers(EXPRESSION.seed);
  const times = Array.from({ length: SUBJECTS }, () => Math.floor(random() * 4000));
  const events = Array.from({ length: SUBJECTS }, () => (random() < 0.4 ? 1 : 0));
  const exact = Array.from({ length: ROWS }, () =>
    Array.from({ length: SUBJECTS }, () => Math.log2(1 + random() * EXPRESSION.most) * (random() < 0.5 ? -1 : 1)),
  );
  const rounded = (digits) => exact.map((row) => row.map((value) => Number(value.toPrecision(digits))));
  const binary = encodeBinaryBody({ times, events, values: exact, valueOctets: 8 });
  const short = encodeBinaryBody({ times, events, values: exact, valueOctets: 4 });
  const fit = secondsOf(() => fitBody(decodeBinaryBody(binary)));
  const rows = [['body', 'MB', 'read', 'by fit', 'JSON.parse', 'by JSON.parse', 'memory by matrix']];
  const add = (what, octets, read, peer) => {
    const own = secondsOf(read);
    const other = peer && secondsOf(peer);
    rows.push([
      what,
      (octets.length / 1e6).toFixed(0),
      `${own.toFixed(3)} s`,
      (own / fit).toFixed(2),
      other === undefined ? '' : `${other.toFixed(2)} s`,
      other === undefined ? '' : (own / other).toFixed(2),
      memoryOf(octets, read),
    ]);
  };
  for (const [what, values] of [
    ['JSON, 17 digits', exact],
    ['JSON, 15 digits', rounded(15)],
    ['JSON, 5 digits', rounded(5)],
  ]) {
    const text = Buffer.from(JSON.stringify({ times, events, values_by_record: values }));
    add(
      what,
      text,
      () => parseJsonBody(text),
      () => JSON.parse(text.toString()),
    );
  }
  add('binary, float64', binary, () => decodeBinaryBody(binary));
  add('binary, float32', short, () => decodeBinaryBody(short));
  const zipped = gzipSync(binary, { level: 1 });
  return [
    `fit: ${fit.toFixed(2)} s; gzip of float64: ${(zipped.length / binary.length).toFixed(2)} of it\n`,
    table(rows),
  ].join('\n');
}

/** The code of the service, which no entry of the package exports. */
async function load() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { parseJsonBody } from './src/survival/service/json-body.ts';
export { encodeBinaryBody, decodeBinaryBody } from './src/survival/service/binary-body.ts';
import { allocateColumns, createRowFitter } from './src/survival/fit-rows.ts';
import { prepareSubjects } from './src/survival/subjects.ts';
export function fitBody({ times, events, m, matrix }) {
  const fitter = createRowFitter(prepareSubjects(times, events));
  const columns = allocateColumns(m);
  for (let row = 0; row < m; row += 1) fitter.fit(matrix, row * times.length, columns, row);
}`,
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Of the processor, whatever else the machine does. */
function secondsOf(work) {
  const seconds = [];
  for (let run = 0; run < RUNS; run += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return median(seconds);
}

/** The body and what is made of it, by the octets of the matrix in float64. */
function memoryOf(octets, read) {
  const { matrix } = read();
  const own = matrix.buffer === octets.buffer ? 0 : matrix.buffer.byteLength;
  return ((octets.length + own) / (ROWS * SUBJECTS * 8)).toFixed(2);
}

/** Park and Miller 1988: the same numbers in every run. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
