import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { signatureOf } from './routes/actions.ts';
import { tarballToken } from './routes/git.ts';
import type { LoggedRequest, Strikes } from './server.ts';
import type { World } from './world.ts';

/**
 * Where artefacts lie: another origin, reached by signed links. It refuses a request that brings a token, as Azure
 * does, and the log says so.
 */
export function createStorage(world: World, log: LoggedRequest[], strikes: Strikes): Server {
  return createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const { pathname, searchParams } = new URL(path, world.storageUrl);
    const stored = storedAt(world, pathname, searchParams);
    const authorised = request.headers.authorization !== undefined;
    const strike = strikes(method, path);
    const [, broken] = /^status:(\d+)/.exec(strike?.kind ?? '') ?? [];
    const status = Number(broken ?? (authorised || !stored ? 403 : 200));
    const isCut = strike?.kind === 'drop' || strike?.kind === 'down';
    log.push({
      at: performance.timeOrigin + performance.now(),
      host: 'storage',
      method,
      path,
      authorised,
      body: undefined,
      status: isCut ? undefined : status,
      fault: strike?.kind,
    });
    if (isCut) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': status === 200 ? stored?.type : 'application/xml' });
    if (strike?.kind !== 'cut' || !stored) {
      response.end(status === 200 ? stored?.bytes : '<Error><Code>AuthenticationFailed</Code></Error>');
      return;
    }
    response.write(stored.bytes.subarray(0, stored.bytes.length / 2), () => request.socket.destroy());
  });
}

interface Stored {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Undefined: nothing lies there, or the link is not signed for it. */
function storedAt(world: World, pathname: string, query: URLSearchParams): Stored | undefined {
  const [, folder, name = ''] = /^\/(artifacts|tarballs)\/(\w+)\.(?:zip|tar\.gz)$/.exec(pathname) ?? [];
  if (folder === 'tarballs') {
    if (query.get('token') !== tarballToken(name)) return undefined;
    return { type: 'application/x-gzip', bytes: world.state.tarballs.get(name) ?? tarballOf(world, name) };
  }
  const artifact = world.state.artifacts.get(Number(name));
  if (!artifact || query.get('sig') !== signatureOf(artifact)) return undefined;
  return { type: 'application/zip', bytes: artifact.zip };
}

/** In one folder that names owner, repository and commit, as GitHub packs it. */
function tarballOf({ git, state }: World, sha: string): Uint8Array {
  const prefix = `${state.owner.login}-${state.name}-${sha.slice(0, 7)}/`;
  return git.bytes(['archive', '--format=tar.gz', `--prefix=${prefix}`, sha]);
}
