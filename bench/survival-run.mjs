// `survival run --local`, from a table of text to the table of results: 20,000 genes, and how memory grows with the rows.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, table } from './support/figures.mjs';
import { temporaryDirectory } from './support/programs.mjs';
import { fillMatrix, GENES, readPatients } from './support/survival-data.mjs';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const MEASURE = fileURLToPath(new URL('support/peak-memory.mjs', import.meta.url));
const RUNS = 5;
/** Few patients, so that rows and not cells are what there is much of. */
const FEW = 24;
const MEGABYTE = 1e6;

export function survivalRunBench() {
  const directory = temporaryDirectory();
  const patients = readPatients();
  const matrix = fillMatrix(new Float64Array(GENES * patients.times.length));
  const full = writeTables(directory, { name: 'full', patients, rows: GENES, matrix });
  const rows = [['rows × samples', 'text MB', 'elapsed s', 'CPU s', 'peak MB']];
  rows.push(measured(`${count(GENES)} × ${patients.times.length}`, full, RUNS));
  const few = fewOf(patients);
  for (const many of [100_000, 1_000_000]) {
    const tables = writeTables(directory, { name: String(many), patients: few, rows: many, matrix });
    rows.push(measured(`${count(many)} × ${FEW}`, tables, 1));
  }
  return [
    table(rows),
    '',
    `Medians of ${RUNS} processes for the first row, one for the others: start, reading, all cores fitting, q-values, the table of results.`,
  ].join('\n');
}

/** Half of them with an event, so that rows are fitted. */
function fewOf({ times, events }) {
  const order = times.map((_, index) => index).sort((a, b) => events[b] - events[a] || a - b);
  const taken = [...order.slice(0, FEW / 2), ...order.slice(-FEW / 2)].sort((a, b) => a - b);
  return { times: taken.map((index) => times[index]), events: taken.map((index) => events[index]) };
}

function writeTables(directory, { name, patients: { times, events }, rows, matrix }) {
  const ids = times.map((_, index) => `S${index}`);
  const tables = Object.fromEntries(
    ['matrix', 'clinical', 'out'].map((part) => [part, join(directory, `${name}-${part}.tsv`)]),
  );
  writeFileSync(
    tables.clinical,
    `sample\ttime\tevent\n${ids.map((id, index) => `${id}\t${times[index]}\t${events[index]}\n`).join('')}`,
  );
  const file = openSync(tables.matrix, 'w');
  writeSync(file, `gene\t${ids.join('\t')}\n`);
  for (let row = 0, at = 0, lines = []; row < rows; row += 1) {
    const cells = [`G${row}`];
    for (let column = 0; column < ids.length; column += 1, at += 1) cells.push(matrix[at % matrix.length]);
    lines.push(`${cells.join('\t')}\n`);
    if (lines.length < 1000 && row < rows - 1) continue;
    writeSync(file, lines.join(''));
    lines = [];
  }
  closeSync(file);
  return tables;
}

function measured(what, { matrix, clinical, out }, runs) {
  const all = Array.from({ length: runs }, () => {
    const flags = ['--local', '--matrix', matrix, '--clinical', clinical, '--out', out, '--format', 'json', '--quiet'];
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', MEASURE, CLI, 'survival', 'run', ...flags], {
      encoding: 'utf8',
    });
    const elapsed = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(`survival run ended with ${status}:\n${stderr}`);
    return { elapsed, ...JSON.parse(stderr) };
  });
  const middle = (of) => median(all.map(of));
  return [
    what,
    (statSync(matrix).size / MEGABYTE).toFixed(0),
    middle(({ elapsed }) => elapsed).toFixed(2),
    middle(({ cpu }) => cpu).toFixed(2),
    middle(({ peak }) => peak).toFixed(0),
  ];
}

function count(value) {
  return value.toLocaleString('en-US');
}
