import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { querySoa } from '../../dns/transfer/soa-query.ts';
import { startPrimary } from '../../embedded/primary.ts';
import { exampleZones, readExampleKeys } from '../example-keys.ts';
import type { ExampleKey } from '../example-keys.ts';

/** A name server that serves a copy of the example zones. */
export interface DemoPrimary {
  readonly address: string;
  readonly software: string;
  readonly keys: readonly ExampleKey[];
  /** Edits a zone's master file and has it served: the new serial. */
  edit(zone: string, change: (text: string) => string): Promise<number>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const EXAMPLE_PORT = 15_353;
const SOA_SERIAL = /\b\d{10}\b/;
const START_ATTEMPTS = 100;
const START_PAUSE_MS = 50;

/** BIND where it is installed, else trueup's own small primary. */
export async function startDemoPrimary(directory: string): Promise<DemoPrimary> {
  const zones = join(directory, 'zones');
  cpSync(exampleZones(), zones, { recursive: true });
  const keys = readExampleKeys();
  const port = (await isFree(EXAMPLE_PORT)) ? EXAMPLE_PORT : await freePort();
  if (port !== EXAMPLE_PORT) pointConfigAt(join(directory, 'config'), port);
  const version = bindVersion();
  const server = version ? await startBind(directory, zones, port, keys) : await startOwn(zones, port, keys);
  return {
    address: `${HOST}:${port}`,
    software: version ?? "trueup's own small primary (BIND is not installed)",
    keys,
    async edit(zone, change) {
      const file = join(zones, `${zone}.zone`);
      const edited = change(readFileSync(file, 'utf8')).replace(SOA_SERIAL, (serial) => String(Number(serial) + 1));
      writeFileSync(file, edited);
      server.reload();
      const serial = Number(SOA_SERIAL.exec(edited)?.[0]);
      await untilServed(zone, port, keys, serial);
      return serial;
    },
    close: () => server.close(),
  };
}

interface Server {
  reload(): void;
  close(): Promise<void>;
}

async function startOwn(zones: string, port: number, keys: readonly ExampleKey[]): Promise<Server> {
  return startPrimary({
    zones,
    port,
    keys: keys.map(({ name, algorithm, secret }) => ({ name, algorithm, secret: Buffer.from(secret, 'base64') })),
  });
}

async function startBind(directory: string, zones: string, port: number, keys: readonly ExampleKey[]): Promise<Server> {
  const run = join(directory, 'named');
  mkdirSync(run);
  const names = readdirSync(zones)
    .filter((file) => file.endsWith('.zone'))
    // As the small primary names them: a slash of RFC 2317 cannot stand in a file name.
    .map((file) => ({ file, origin: file.slice(0, -'.zone'.length).replaceAll('%2f', '/') }));
  const configuration = [
    `options { directory "${run}"; pid-file none; session-keyfile "${run}/session.key"; managed-keys-directory "${run}";`,
    `  listen-on port ${port} { ${HOST}; }; listen-on-v6 { none; }; recursion no; notify no; dnssec-validation no;`,
    '  empty-zones-enable no; check-names primary ignore; allow-transfer { 127.0.0.0/8; };',
    '  ixfr-from-differences yes; max-ixfr-ratio unlimited; };',
    'controls { };',
    ...keys.map(({ name, algorithm, secret }) => `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };`),
    ...names.map(({ file, origin }) => `zone "${origin}" { type primary; file "${join(zones, file)}"; };`),
  ];
  writeFileSync(join(run, 'named.conf'), `${configuration.join('\n')}\n`);
  const named = spawn('named', ['-g', '-c', join(run, 'named.conf')], { stdio: 'ignore' });
  const exited = new Promise((resolve) => named.once('exit', resolve));
  await untilServed(names[0]?.origin ?? '', port, keys, undefined);
  return {
    reload: () => named.kill('SIGHUP'),
    async close() {
      named.kill('SIGTERM');
      await exited;
    },
  };
}

async function untilServed(
  zone: string,
  port: number,
  keys: readonly ExampleKey[],
  serial: number | undefined,
): Promise<void> {
  const [key] = keys;
  const tsig = key && { name: key.name, algorithm: key.algorithm, secret: Buffer.from(key.secret, 'base64') };
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const soa = await querySoa({ zone, host: HOST, port, ...(tsig && { tsig }) }).catch(() => undefined);
    if (soa && (serial === undefined || soa.serial === serial)) return;
    await sleep(START_PAUSE_MS);
  }
  throw new Error(`the demo's primary does not serve ${zone}`);
}

/** `BIND 9.18.49 …`; undefined where it is not installed. */
function bindVersion(): string | undefined {
  const { status, stdout } = spawnSync('named', ['-v'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('-')[0] : undefined;
}

function pointConfigAt(config: string, port: number): void {
  for (const file of readdirSync(join(config, 'dns'))) {
    const path = join(config, 'dns', file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`${HOST}:${EXAMPLE_PORT}`, `${HOST}:${port}`));
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : EXAMPLE_PORT));
    });
  });
}
