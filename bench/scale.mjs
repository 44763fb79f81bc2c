// One tree with 1, 10, 100 and 500 mirrors: time and calls a mirror must not grow with the number of mirrors.
import { openEstate } from './support/estate.mjs';
import { table, timed } from './support/figures.mjs';

/** One command makes at most 100,000 calls: a first apply of some 700. */
const MIRRORS = [1, 10, 100, 500];
const SETS = 20;

export async function scaleBench() {
  const rows = [
    ['mirrors', 'apply', 'plan', 'plan --full', 'drift'].flatMap((what, at) => (at ? [what, 'calls'] : what)),
  ];
  // The first pass warms up what every later one uses.
  await measure(MIRRORS[0]);
  for (const mirrors of MIRRORS) rows.push([mirrors, ...(await measure(mirrors))]);
  return `Milliseconds and calls, each a mirror:\n\n${table(rows)}`;
}

async function measure(mirrors) {
  const body = Array.from({ length: SETS }, (_, index) => `host-${index} A 10.0.0.${index}`).join('\n');
  const origins = Array.from({ length: mirrors }, (_, index) => `zone-${index}.example`);
  const estate = await openEstate(Object.fromEntries(origins.map((origin) => [origin, body])));
  const cells = [];
  for (const run of [estate.apply, estate.plan, () => estate.plan({ full: true }), estate.drift]) {
    const before = estate.calls();
    const { ms } = await timed(() => run());
    cells.push((ms / mirrors).toFixed(1), ((estate.calls() - before) / mirrors).toFixed(1));
  }
  await estate.close();
  return cells;
}
