// Cox regressions of 20,000 genes over 480 patients: by the library `trueup/survival`, by what one would write first, and by R.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, table } from './support/figures.mjs';
import { temporaryDirectory } from './support/programs.mjs';
import { fillMatrix, GENES, readPatients } from './support/survival-data.mjs';
import { fitByR, readDoubles, versionOfR } from './support/survival-r.mjs';

const PROCESS = fileURLToPath(new URL('support/survival-process.mjs', import.meta.url));
/** R's call takes a minute for all of them. */
const GENES_OF_CALL = 1_000;

export function survivalBench() {
  const directory = temporaryDirectory();
  const trueup = fitInProcess('trueup', directory);
  const plain = fitInProcess('plain', directory);
  const rows = [['fit', 'genes', 'CPU s', 'µs a gene', '/ trueup', 'differs from trueup']];
  const own = trueup.cpu / GENES;
  function add(what, genes, cpu, results) {
    const apart = results ? largestDifference(results, trueup.results).toExponential(1) : '';
    const each = cpu / genes;
    rows.push([what, genes, cpu.toFixed(2), (each * 1e6).toFixed(1), (each / own).toFixed(1), apart]);
  }
  add('trueup', GENES, trueup.cpu);
  add('plain JavaScript', GENES, plain.cpu, plain.results);

  const version = versionOfR();
  if (version !== undefined) {
    const { times, events } = readPatients();
    const matrix = fillMatrix(new Float64Array(GENES * times.length));
    const r = fitByR({ times, events, matrix, genes: GENES, few: GENES_OF_CALL });
    add('R, inner functions', GENES, r.inner, r.results);
    add('R, coxph and summary', GENES_OF_CALL, r.call);
  }
  const grown = (trueup.matrix + trueup.peak - trueup.before) / trueup.matrix;
  return [
    table(rows),
    '',
    `Medians of five runs of a process each, the quickest of trueup ${trueup.quickest.toFixed(2)} s; ${trueup.iterations.toFixed(2)} steps a gene.`,
    `Peak of trueup's process ${trueup.peak.toFixed(0)} MB, of which the matrix is ${trueup.matrix.toFixed(0)} MB; with what the fit adds ${grown.toFixed(2)} matrices.`,
    version === undefined ? 'R is not installed (r-base-core, r-cran-survival): skipped.' : `${version}.`,
  ].join('\n');
}

function fitInProcess(which, directory) {
  const file = join(directory, which);
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROCESS, which, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the fit by ${which} ended with ${status}:\n${stderr}`);
  const { seconds, ...figures } = JSON.parse(stdout);
  return { ...figures, cpu: median(seconds), quickest: Math.min(...seconds), results: readDoubles(file) };
}

/** The largest relative difference of a hazard ratio or a z. */
function largestDifference(left, right) {
  return left.reduce((largest, value, at) => Math.max(largest, Math.abs(value / right[at] - 1)), 0);
}
