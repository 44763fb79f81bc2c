import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { parseMasterFile } from '../../src/dns/master-file.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { startPrimary } from '../../src/embedded/primary.ts';
import { apply } from '../../src/operations/apply.ts';
import { plan } from '../../src/operations/plan.ts';
import { loadConfig } from '../../src/operations/project.ts';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));
export const CLI: string = join(ROOT, 'dist/cli.js');
/** The account of a desk, where no other is named. */
export const ACCOUNT = 'account.json';
export const EMBEDDED: string = `--endpoint embedded:${ACCOUNT}`;
/** Every call of a process takes so many milliseconds. */
export function latency(milliseconds: number, command = '*'): NodeJS.ProcessEnv {
  const fault = { service: '*', command, times: 1_000_000, fault: `latency:${milliseconds}` };
  return { TRUEUP_FAULTS: JSON.stringify([fault]) };
}

export interface Ended {
  /** Null: ended by a signal. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Flags of Node itself. */
  readonly node?: readonly string[];
  /** Which Node; default: this one. */
  readonly program?: string;
}

/** A working directory with a configuration of its own, a primary on a free port and an account file. */
export interface Desk {
  readonly directory: string;
  /** Runs the built command line. @param args separated by blanks */
  run(args: string, options?: StartOptions): Promise<Ended>;
  start(args: string, options?: StartOptions): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  /** Runs a shell with the command line in `$TRUEUP`: for redirections and limits. */
  shell(script: string, env?: NodeJS.ProcessEnv): Promise<Ended>;
  write(file: string, text: string): string;
  read(file: string): string;
  open(file?: string): EmbeddedAccount;
  /** A plain apply in this process, and a whole plan after it. @param file of the account */
  converge(file?: string): Promise<Converged>;
}

export interface Converged {
  /** `applied` or `nothing`: a plan right after it was empty. */
  readonly converged: boolean;
  /** Actions of a whole plan after that. */
  readonly left: number;
}

export const DESK_SETTINGS: string = `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { id: '111122223333' } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
`;

function mirrorOf(name: string, port: number): string {
  return `apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: ${name} }
spec:
  domain: ${name}.test
  primaries: ['127.0.0.1:${port}']
  tsig: none
  hostedZone: { private: true, comment: ${name}, vpcs: [{ id: vpc-0a11bb22cc33dd44e, region: eu-west-1 }] }
  schedule: rate(15 minutes)
`;
}

function zoneOf(name: string, hosts: number) {
  const records = Array.from({ length: hosts }, (_, index) => `host-${index} A 10.0.${index >> 8}.${index & 255}`);
  return parseMasterFile(
    ['$TTL 300', '@ SOA ns1 host 2026112401 3600 600 86400 60', '@ NS ns1', 'ns1 A 10.0.0.1', ...records, ''].join(
      '\n',
    ),
    { origin: `${name}.test` },
  );
}

function environmentOf(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1', GITHUB_RUN_ID: undefined, CI: undefined, ...more };
}

/** @param hosts addresses in each zone, up to 65,536 */
export async function createDesk(mirrors: readonly string[] = ['a'], hosts = 30): Promise<Desk> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-desk-'));
  const primary = await startPrimary({ zones: mirrors.map((name) => zoneOf(name, hosts)), port: 0 });
  onTestFinished(async () => {
    await primary.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const desk: Desk = {
    directory,
    run: (args, options) => desk.start(args, options).ended,
    start(args, { env, node = [], program = process.execPath } = {}) {
      const child = spawn(program, [...node, CLI, ...args.split(' ')], {
        cwd: directory,
        env: environmentOf(env),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { child, ended: endOf(child) };
    },
    shell(script, env) {
      const child = execFile('bash', ['-c', script], {
        cwd: directory,
        env: environmentOf({ TRUEUP: `${process.execPath} ${CLI}`, ...env }),
      });
      return endOf(child);
    },
    write(file, text) {
      const path = join(directory, file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    read: (file) => readFileSync(join(directory, file), 'utf8'),
    open: (file = ACCOUNT) => openEmbedded(join(directory, file)),
    async converge(file) {
      const account = desk.open(file);
      const { project, result } = await loadConfig(join(directory, 'config'), { cwd: directory });
      if (!project) throw new Error(JSON.stringify(result.errors));
      const endpoint = { kind: 'embedded', account } as const;
      const { result: applied } = await apply(project, { endpoint });
      const after = await plan(project, { endpoint, full: true });
      account.close();
      return { converged: /^(?:applied|nothing)$/.test(applied?.outcome ?? ''), left: after.actions.length };
    },
  };
  desk.write('config/settings.yaml', DESK_SETTINGS);
  for (const name of mirrors) desk.write(`config/dns/${name}.yaml`, mirrorOf(name, primary.port));
  return desk;
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}

/** Runs tasks two at a time: what runs beside them has two cores as well. */
export async function inPairs<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) results[index] = await task(items[index]!);
  }
  await Promise.all([work(), work()]);
  return results;
}
