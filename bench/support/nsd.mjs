import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENVIRONMENT, freePort, startServer } from './programs.mjs';

const POLL = 100;

/** Starts NSD with the zones (origin to master file) and waits until it answers for them. */
export async function startNsdPrimary(directory, files) {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const config = join(directory, 'nsd.conf');
  const zones = Object.entries(files).flatMap(([origin, file]) => [
    'zone:',
    `  name: "${origin}"`,
    `  zonefile: "${file}"`,
    '  provide-xfr: 127.0.0.1 NOKEY',
  ]);
  const paths = ['xfrdfile', 'zonelistfile'].map((name) => `  ${name}: "${join(directory, name)}"`);
  writeFileSync(
    config,
    [
      'server:',
      `  ip-address: 127.0.0.1@${port}`,
      '  server-count: 1',
      '  username: ""',
      '  pidfile: ""',
      '  database: ""',
      `  zonesdir: "${directory}"`,
      `  xfrdir: "${directory}"`,
      ...paths,
      'remote-control:',
      '  control-enable: no',
      ...zones,
      '',
    ].join('\n'),
  );
  const server = startServer('nsd', ['-d', '-c', config]);
  for (const origin of Object.keys(files)) {
    while (!answers(port, origin)) await sleep(POLL);
  }
  return { port, stop: () => server.stop() };
}

function answers(port, origin) {
  const args = ['@127.0.0.1', '-p', String(port), '+short', '+tries=1', '+time=1', origin, 'SOA'];
  return spawnSync('dig', args, { encoding: 'utf8', env: ENVIRONMENT }).stdout.includes('hostmaster');
}
