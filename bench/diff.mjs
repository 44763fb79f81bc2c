// The difference of two versions of a zone with a million records, beside GNU diff over the sorted master files.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeFingerprint, diffZones, formatMasterFile, parseMasterFile, zoneDigest } from 'trueup/dns';
import { median, table, timed } from './support/figures.mjs';
import { ENVIRONMENT, temporaryDirectory } from './support/programs.mjs';
import { writeZoneFile } from './support/zone-file.mjs';

const ORIGIN = 'big1m.test';
const RECORDS = 1_000_000;
const RUNS = 5;

export async function diffBench() {
  const directory = temporaryDirectory();
  const [old, copy, next] = [{}, {}, { serial: 2, shift: 1 }].map((change, index) => {
    const zone = readZone(join(directory, `generated-${index}`), change);
    const file = join(directory, `sorted-${index}`);
    writeFileSync(file, formatMasterFile(zone), 'latin1');
    return { file, zone };
  });
  const { changes } = diffZones(old.zone.rrsets, next.zone.rrsets);
  const rows = [['work', 'changes', 'GNU diff', 'trueup', 'ratio']];
  rows.push(['identical', 0, ...(await compare(old, copy))]);
  rows.push(['1 % changed', changes.length, ...(await compare(old, next))]);
  const digest = await medianOf(() => zoneDigest(next.zone.rrsets));
  rows.push(['digest of the zone', '', '', seconds(digest), '']);
  const fingerprints = await medianOf(() => changes.map(changeFingerprint));
  rows.push(['fingerprints of the changes', changes.length, '', seconds(fingerprints), '']);
  return table(rows);
}

function readZone(file, change) {
  writeZoneFile(file, ORIGIN, RECORDS, change);
  return parseMasterFile(readFileSync(file, 'latin1'), { origin: ORIGIN });
}

async function compare(a, b) {
  const options = { stdio: 'ignore', env: ENVIRONMENT };
  const peer = await medianOf(() => spawnSync('diff', [a.file, b.file], options));
  const own = await medianOf(() => diffZones(a.zone.rrsets, b.zone.rrsets));
  return [seconds(peer), seconds(own), (own / peer).toFixed(2)];
}

async function medianOf(work) {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) times.push((await timed(work)).ms);
  return median(times);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
