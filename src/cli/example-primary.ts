import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { EmbeddedAccount } from '../embedded/index.ts';
import { startPrimary } from '../embedded/primary.ts';
import type { PrimaryServer } from '../embedded/primary.ts';
import type { Project } from '../operations/project.ts';
import { exampleZones, readExampleKeys } from './example-keys.ts';

/** Where the example configuration looks for its primary. */
const HOST = '127.0.0.1';
const PORT = 15_353;

/**
 * The example configuration must work on a machine that has nothing but Node: where it names the example's primary and
 * nothing listens there, the example zones are served for the length of the command.
 * @returns ends the serving; undefined where it is not named.
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
  if (!isNamed || !existsSync(directory)) return undefined;
  const keys = readExampleKeys();
  for (const { reference, secret } of keys) {
    account.putSecret(reference, secret, {
      account: project.defaultAccount.id,
      region: project.settings.defaultRegion,
    });
  }
  const start = (): Promise<PrimaryServer | undefined> =>
    startPrimary({
      zones: directory,
      port: PORT,
      keys: keys.map(({ name, algorithm, secret }) => ({ name, algorithm, secret: Buffer.from(secret, 'base64') })),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return undefined;
      throw error;
    });
  const served = await serveInTurn(start);
  if (served.isFirst) note(`Nothing listens on ${HOST}:${PORT}: serving examples/zones there until this command ends.`);
  return () => served.stop();
}

interface Serving {
  /** Nobody else listened. */
  readonly isFirst: boolean;
  stop(): Promise<void>;
}

/** Another command may serve the same zones, and end before this one: then this one goes on at once. */
async function serveInTurn(start: () => Promise<PrimaryServer | undefined>): Promise<Serving> {
  const stopped = new AbortController();
  let primary = await start();
  const isFirst = primary !== undefined;
  const turn = isFirst ? undefined : takeTurn();
  return {
    isFirst,
    async stop() {
      stopped.abort();
      await turn;
      await primary?.close();
    },
  };

  async function takeTurn(): Promise<void> {
    while (primary === undefined && !stopped.signal.aborted) {
      await untilNobodyListens(stopped.signal);
      if (!stopped.signal.aborted) primary = await start();
    }
  }
}

/** Holds a connection until the other side ends it. */
async function untilNobodyListens(signal: AbortSignal): Promise<void> {
  const socket = connect({ host: HOST, port: PORT, signal });
  await new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.once('end', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
  });
  socket.destroy();
}
