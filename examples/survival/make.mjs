// Makes genes.tsv and clinical.tsv of this directory: synthetic data, the same octets each time. Nothing in it was
// measured, and no sample is a person.
//
//   node examples/survival/make.mjs
//
// The matrix has 120 samples. 8 of them are not in the clinical table, and 3 have no time there. 300 rows: most are
// noise, a few are what their names say.
import { writeFileSync } from 'node:fs';

const SAMPLES = 120;
const WITHOUT_LINE = 8;
const WITHOUT_TIME = 3;
const ROWS = 300;
/** Effect of a sample's risk, which is standard normal, on the logarithm of its hazard. */
const EFFECT = 1.1;
/** How much of the risk is seen in rows that go up with it, and in rows that go down; the rest of these rows is noise. */
const RAISING = [0.95, 0.85, 0.75, 0.65, 0.55];
const LOWERING = [-0.9, -0.8, -0.7, -0.6];
/** The part of a noisy row's cells that have no value, in every tenth row. */
const GAPS = 0.1;

const uniform = mulberry32(20_160_601);

/** Tommy Ettinger's generator: 32 bits of state, uniform in [0, 1). */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller's. */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function shuffled(list) {
  const result = [...list];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(uniform() * (index + 1));
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}

const samples = Array.from({ length: SAMPLES }, (_, index) => {
  const risk = normal();
  const levels = [...RAISING, ...LOWERING].map((share) => share * risk + Math.sqrt(1 - share * share) * normal());
  const hazard = Math.exp(EFFECT * risk);
  const death = (-Math.log(1 - uniform()) / hazard) * 40;
  const end = 12 + uniform() * 72;
  return {
    id: `S${String(index + 1).padStart(3, '0')}`,
    levels,
    // Whole months: several events fall on one time.
    time: Math.ceil(Math.min(death, end)),
    event: death <= end ? 1 : 0,
    year: 2005 + Math.floor(uniform() * 10),
    // Scattered over the tables.
    hasLine: (index * 7) % SAMPLES >= WITHOUT_LINE,
    hasTime: (index * 7) % SAMPLES >= WITHOUT_LINE + WITHOUT_TIME,
  };
});
const events = samples
  .filter(({ event, hasTime }) => event === 1 && hasTime)
  .sort((one, other) => one.time - other.time);
const early = events[3].time;

const rows = [
  ...RAISING.map((_, row) => [`RAISES_${row + 1}`, ({ levels }) => levels[row]]),
  ...LOWERING.map((_, row) => [`LOWERS_${row + 1}`, ({ levels }) => levels[RAISING.length + row]]),
  ['CONSTANT', () => 2.5],
  // High in all early deaths and in nobody else: the likelihood has no maximum.
  ['SEPARATED', (sample) => (sample.event === 1 && sample.time <= early ? 1 : 0)],
  ['FEW_EVENTS', (sample) => (sample.event === 0 || events.indexOf(sample) < 3 ? normal() : undefined)],
  ['NO_EVENTS', (sample) => (sample.event === 0 ? normal() : undefined)],
  ['INVALID', (sample) => (sample === samples[6] ? 'high' : normal())],
];
for (let row = rows.length; row < ROWS; row += 1) {
  const hasGaps = row % 10 === 0;
  rows.push([`GENE_${String(row + 1).padStart(3, '0')}`, () => (hasGaps && uniform() < GAPS ? undefined : normal())]);
}

function cell(value) {
  if (value === undefined) return 'NA';
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : value;
}

function write(name, table) {
  writeFileSync(new URL(name, import.meta.url), table.map((line) => `${line.join('\t')}\n`).join(''));
}

write('genes.tsv', [
  ['gene', ...samples.map(({ id }) => id)],
  ...shuffled(rows).map(([name, valueOf]) => [name, ...samples.map((sample) => cell(valueOf(sample)))]),
]);
write('clinical.tsv', [
  ['sample', 'time', 'event', 'year'],
  ...samples.filter(({ hasLine }) => hasLine).map(({ id, time, event, year, hasTime }) => {
    return [id, hasTime ? time : 'NA', event, year];
  }),
]);
