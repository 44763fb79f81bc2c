// Transfer, decode and index of large zones from real primaries, beside `dig axfr` and BIND as a secondary.
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bindSecondary, startBindPrimary } from './support/bind.mjs';
import { medians, table, timed } from './support/figures.mjs';
import { startNsdPrimary } from './support/nsd.mjs';
import { ENVIRONMENT, isInstalled, temporaryDirectory } from './support/programs.mjs';
import { writeZoneFile } from './support/zone-file.mjs';

const ZONES = { 'big100k.test': 100_000, 'big1m.test': 1_000_000 };
const RUNS = 5;
const PROCESS = fileURLToPath(new URL('support/transfer-process.mjs', import.meta.url));

const PRIMARIES = [
  { name: 'BIND', program: 'named', start: startBindPrimary, install: 'bind9 bind9-dnsutils' },
  { name: 'NSD', program: 'nsd', start: startNsdPrimary, install: 'nsd' },
];

export async function transferBench() {
  if (!isInstalled('named') || !isInstalled('dig')) return skipped(PRIMARIES[0]);
  const directory = temporaryDirectory();
  const files = Object.fromEntries(Object.keys(ZONES).map((origin) => [origin, join(directory, `${origin}.zone`)]));
  for (const [origin, records] of Object.entries(ZONES)) writeZoneFile(files[origin], origin, records);

  const rows = [['primary', 'records', 'dig axfr', 'BIND as secondary', 'trueup', 'trueup / BIND', 'trueup / dig']];
  const notes = [];
  for (const primary of PRIMARIES) {
    if (!isInstalled(primary.program)) {
      notes.push(skipped(primary));
      continue;
    }
    const server = await primary.start(join(directory, primary.program), files);
    for (const [origin, records] of Object.entries(ZONES)) {
      rows.push([primary.name, records, ...(await compare(server.port, origin, directory))]);
    }
    await server.stop();
  }
  return [table(rows), ...notes].join('\n\n');
}

/** In turns, so that what else the machine does meets all three alike. */
async function compare(port, origin, directory) {
  const runs = { dig: [], bind: [], own: [] };
  for (let run = 0; run < RUNS; run += 1) {
    runs.dig.push(await digAxfr(port, origin));
    runs.bind.push(await bindSecondary(join(directory, `secondary-${port}-${origin}-${run}`), origin, port));
    runs.own.push(await ownTransfer(port, origin));
  }
  const [dig, bind, own] = [runs.dig, runs.bind, runs.own].map(medians);
  return [...[dig, bind, own].map(cellOf), ratio(own, bind), ratio(own, dig)];
}

function cellOf({ seconds, cpu, peak }) {
  const all = [`${seconds.toFixed(2)} s`];
  if (cpu !== undefined) all.push(`${cpu.toFixed(2)} s CPU`);
  if (peak !== undefined) all.push(`${Math.round(peak)} MB`);
  return all.join(', ');
}

function ratio(a, b) {
  return (a.seconds / b.seconds).toFixed(2);
}

async function digAxfr(port, origin) {
  const args = ['@127.0.0.1', '-p', String(port), origin, 'AXFR'];
  const { ms } = await timed(() => spawnSync('dig', args, { stdio: 'ignore', env: ENVIRONMENT }));
  return { seconds: ms / 1000 };
}

async function ownTransfer(port, origin) {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, origin, String(port)]);
  return JSON.parse(stdout);
}

function skipped({ name, install }) {
  return `skipped: ${name} is not installed (apt-get install --no-install-recommends ${install})`;
}
