import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { TsigKey } from '../../src/dns/tsig/tsig-key.ts';
import { BIND_ENVIRONMENT } from './counterparts.ts';

const BED = fileURLToPath(new URL('../bind', import.meta.url));
const HOST = '127.0.0.1';

/** Records of the generated zones. */
const GENERATED: Readonly<Record<string, number>> = { 'big100k.test': 100_000, 'tsigbig.test': 20_000 };

/** BIND as a primary, with the zones and keys of `test/bind` in a temporary directory of its own. */
export interface BindBed {
  readonly host: string;
  readonly port: number;
  /** A key of `test/bind/keys.conf`. */
  key(name: string): TsigKey;
  /** The records that `dig` prints: its comments and the signatures of messages are left out. */
  dig(...args: readonly string[]): string;
  /** Replaces a zone's file; BIND reads it some time later. */
  rewrite(zone: string, text: string): void;
  stop(): Promise<void>;
}

/** Starts BIND on a free port and waits until it has loaded its zones. */
export async function startBind(): Promise<BindBed> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-bind-'));
  const port = await freePort();
  const controlPort = await freePort();
  layOut(directory, port, controlPort);
  const named = spawn('named', ['-g', '-c', join(directory, 'named.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: BIND_ENVIRONMENT,
  });
  const kill = (): boolean => named.kill('SIGKILL');
  process.once('exit', kill);
  await untilRunning(named);
  return {
    host: HOST,
    port,
    key: readKey,
    dig: (...args) => recordsOnly(execFileSync('dig', digArguments(port, args), OUTPUT)),
    rewrite(zone, text) {
      writeFileSync(join(directory, 'zones', `${zone}.zone`), text);
      named.kill('SIGHUP');
    },
    async stop() {
      const exited = once(named, 'exit');
      named.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Like `BindBed.dig`, from a primary that lives in this process and could not answer while it waits. */
export async function digAt(port: number, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('dig', digArguments(port, args), OUTPUT);
  return recordsOnly(stdout);
}

const OUTPUT = { encoding: 'utf8', maxBuffer: 2 ** 28, env: BIND_ENVIRONMENT } as const;

function digArguments(port: number, args: readonly string[]): string[] {
  return [`@${HOST}`, '-p', String(port), '+nocomments', '+nocmd', '+nostats', '+noidnout', ...args];
}

function recordsOnly(text: string): string {
  return text.replaceAll(/^.*\tANY\tTSIG\t.*$/gm, '');
}

function layOut(directory: string, port: number, controlPort: number): void {
  const zones = join(directory, 'zones');
  cpSync(join(BED, 'zones'), zones, { recursive: true });
  cpSync(join(BED, 'keys.conf'), join(directory, 'keys.conf'));
  mkdirSync(join(directory, 'run'));
  for (const [origin, records] of Object.entries(GENERATED)) {
    writeFileSync(join(zones, `${origin}.zone`), generateZone(origin, records));
  }
  const template = readFileSync(join(BED, 'named.conf.in'), 'utf8');
  const values: Readonly<Record<string, string>> = { DIR: directory, PORT: String(port), RNDC: String(controlPort) };
  writeFileSync(
    join(directory, 'named.conf'),
    template.replaceAll(/@([A-Z]+)@/g, (place, name: string) => values[name] ?? place),
  );
  signZone(zones, 'signed.test');
}

/** Signed offline, so that the transfer carries DNSKEY, RRSIG and NSEC. */
function signZone(directory: string, origin: string): void {
  const options = { cwd: directory, stdio: 'ignore', env: BIND_ENVIRONMENT } as const;
  execFileSync('dnssec-keygen', ['-q', '-a', 'ECDSAP256SHA256', '-f', 'KSK', origin], options);
  execFileSync('dnssec-keygen', ['-q', '-a', 'ECDSAP256SHA256', origin], options);
  execFileSync('dnssec-signzone', ['-S', '-q', '-o', origin, `${origin}.zone`], options);
}

/** Deterministic: of ten names six have one A, one two, one a CNAME, one a TXT, one an AAAA and a MX. */
function generateZone(origin: string, records: number): string {
  const lines = [
    '$TTL 300',
    `@ IN SOA ns1.${origin}. hostmaster.${origin}. 1 3600 600 1209600 300`,
    '@ IN NS ns1',
    'ns1 IN A 127.0.0.1',
  ];
  const wanted = records + 1;
  for (let index = 0; lines.length < wanted; index += 1) lines.push(...recordsOf(index, origin));
  return `${lines.slice(0, wanted).join('\n')}\n`;
}

function recordsOf(index: number, origin: string): string[] {
  const padded = String(index).padStart(7, '0');
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  switch (index % 10) {
    case 6:
      return [`host-${padded} IN A ${address}`, `host-${padded} IN A 192.0.2.${index & 255}`];
    case 7:
      return [`alias-${padded} IN CNAME host-${String(index - 1).padStart(7, '0')}`];
    case 8:
      return [`host-${padded} IN TXT "owner=team-${index % 97} id=${index} note=generated"`];
    case 9:
      return [
        `host-${padded} IN AAAA 2001:db8::${(index & 0xffff).toString(16)}:${(index >> 16).toString(16)}`,
        `host-${padded} IN MX 10 mail.${origin}.`,
      ];
    default:
      return [`host-${padded} IN A ${address}`];
  }
}

function readKey(name: string): TsigKey {
  const text = readFileSync(join(BED, 'keys.conf'), 'utf8');
  const found = new RegExp(String.raw`key "${name}"\s*\{ algorithm (\S+?);\s*secret "([^"]+)"`).exec(text);
  if (found === null) throw new Error(`test/bind/keys.conf has no key ${name}`);
  return { name, algorithm: found[1] ?? '', secret: Buffer.from(found[2] ?? '', 'base64') };
}

function untilRunning(named: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    named.once('exit', () => reject(new Error(`named did not start:\n${log.slice(-4000)}`)));
    named.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
      if (log.includes('all zones loaded')) resolve();
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
