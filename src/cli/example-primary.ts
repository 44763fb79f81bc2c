import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { EmbeddedAccount } from '../embedded/index.ts';
import { startPrimary } from '../embedded/primary.ts';
import type { Project } from '../operations/project.ts';
import { exampleZones, readExampleKeys } from './example-keys.ts';

/** Where the example configuration looks for its primary. */
const HOST = '127.0.0.1';
const PORT = 15_353;

/**
 * The example configuration must work on a machine that has nothing but Node: where it names the example's primary and
 * nothing listens there, the example zones are served for the length of the command.
 * @returns ends the serving; undefined where nothing is served.
 */
export async function serveExampleZones(
  project: Project,
  account: EmbeddedAccount,
  note: (text: string) => void,
): Promise<(() => Promise<void>) | undefined> {
  const isNamed = project.documents.some(({ spec }) =>
    (spec as { primaries?: readonly string[] }).primaries?.includes(`${HOST}:${PORT}`),
  );
  const directory = exampleZones();
  if (!isNamed || !existsSync(directory) || (await isListening())) return undefined;
  const keys = readExampleKeys();
  for (const { reference, secret } of keys) {
    account.putSecret(reference, secret, {
      account: project.defaultAccount.id,
      region: project.settings.defaultRegion,
    });
  }
  const primary = await startPrimary({
    zones: directory,
    port: PORT,
    keys: keys.map(({ name, algorithm, secret }) => ({ name, algorithm, secret: Buffer.from(secret, 'base64') })),
  }).catch((error: NodeJS.ErrnoException) => {
    // Another command of the same moment was faster, and serves the same zones.
    if (error.code === 'EADDRINUSE') return undefined;
    throw error;
  });
  if (!primary) return undefined;
  note(`Nothing listens on ${HOST}:${PORT}: serving examples/zones there until this command ends.`);
  return () => primary.close();
}

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port: PORT });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
