import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startServer } from './programs.mjs';

/** Starts BIND with the zones (origin to master file) and waits until it serves them. */
export async function startBindPrimary(directory, files) {
  const zones = Object.entries(files).map(
    ([origin, file]) => `zone "${origin}" { type primary; file "${file}"; allow-transfer { any; }; };`,
  );
  const { port, server } = await startNamed(directory, zones);
  await server.logged(/all zones loaded/);
  return { port, stop: () => server.stop() };
}

/**
 * BIND as a secondary without a copy: what its log says of the transfer.
 * @returns seconds from the start of the transfer to its end, and what the process used: see `usageOf`.
 */
export async function bindSecondary(directory, origin, primaryPort) {
  const zone = `zone "${origin}" { type secondary; file "copy"; primaries { 127.0.0.1 port ${primaryPort}; }; };`;
  const { server } = await startNamed(directory, [zone]);
  const [, seconds] = await server.logged(/Transfer completed: .* ([\d.]+) secs/);
  const usage = server.usage();
  await server.stop();
  return { seconds: Number(seconds), ...usage };
}

async function startNamed(directory, zones) {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const config = join(directory, 'named.conf');
  writeFileSync(
    config,
    [
      'controls { };',
      `options { directory "${directory}"; pid-file none; session-keyfile "session.key";`,
      `  managed-keys-directory "${directory}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };`,
      '  recursion no; notify no; dnssec-validation no; empty-zones-enable no; max-records 0; };',
      'logging { channel e { stderr; severity info; }; category default { e; }; };',
      ...zones,
      '',
    ].join('\n'),
  );
  return { port, server: startServer('named', ['-f', '-g', '-c', config]) };
}
