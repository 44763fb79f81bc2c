// 20,000 genes of 480 patients: published times and events, and values of the normal distribution, always the same ones.
import { readFileSync } from 'node:fs';

export const GENES = 20_000;

const FILE = new URL('../../test/data/survival/published-breast-cancer.json', import.meta.url);
const SEED = 20_160_601;
/** Values are of so many decimals. */
const DECIMALS = 1e6;

export function readPatients() {
  const { times, events } = JSON.parse(readFileSync(FILE, 'utf8'));
  return { times, events };
}

/** One row a gene. The generator of uniform numbers is mulberry32, a pair of which gives one normal value (Box & Muller). */
export function fillMatrix(matrix) {
  let state = SEED;
  function uniform() {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  for (let at = 0; at < matrix.length; at += 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    matrix[at] = Math.round(radius * Math.cos(2 * Math.PI * uniform()) * DECIMALS) / DECIMALS;
  }
  return matrix;
}
