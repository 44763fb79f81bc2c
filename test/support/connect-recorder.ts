/**
 * Loaded into a process before its program (`node --import`): writes every connection and look-up that is asked for into
 * the file that TRUEUP_TEST_CONNECTS names, one a line, and lets it go on. Bundled by test/processes/surroundings.test.ts.
 */
import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const file = process.env['TRUEUP_TEST_CONNECTS'] ?? '';

interface Target {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
}

function targetOf(args: readonly unknown[]): string {
  const [first, second] = args.flat();
  const { host, port, path } = (
    typeof first === 'object' ? first : { port: first, host: typeof second === 'string' ? second : undefined }
  ) as Target;
  return path ? `unix ${path}` : `${host ?? 'localhost'} ${port}`;
}

function record(owner: object, name: string, describe: (args: readonly unknown[]) => string): void {
  const methods = owner as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[name];
  if (typeof original !== 'function') throw new Error(`there is no ${name} to record`);
  methods[name] = function recorded(this: unknown, ...args: unknown[]) {
    appendFileSync(file, `${describe(args)}\n`);
    return original.apply(this, args);
  };
}

record(net.Socket.prototype, 'connect', targetOf);
record(dgram.Socket.prototype, 'send', (args) => `datagram ${args.filter((arg) => typeof arg === 'string').join(' ')}`);
record(dgram.Socket.prototype, 'connect', (args) => `datagram ${args.join(' ')}`);
const LOOKUPS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveTxt',
  'resolveSrv',
];
for (const owner of [dns, dns.promises]) {
  for (const name of LOOKUPS) record(owner, name, ([host]) => `lookup ${String(host)}`);
}
for (const owner of [dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of LOOKUPS.slice(2)) record(owner, name, ([host]) => `lookup ${String(host)}`);
}
syncBuiltinESMExports();
