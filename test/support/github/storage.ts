import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { signatureOf } from './routes/actions.ts';
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
    const artifact = world.state.artifacts.get(Number(/^\/artifacts\/(\d+)\.zip$/.exec(pathname)?.[1]));
    const authorised = request.headers.authorization !== undefined;
    const isSigned = artifact !== undefined && searchParams.get('sig') === signatureOf(artifact);
    const strike = strikes(method, path);
    const [, broken] = /^status:(\d+)/.exec(strike?.kind ?? '') ?? [];
    const status = Number(broken ?? (authorised || !isSigned ? 403 : 200));
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
    response.writeHead(status, { 'content-type': status === 200 ? 'application/zip' : 'application/xml' });
    response.end(status === 200 ? artifact?.zip : '<Error><Code>AuthenticationFailed</Code></Error>');
  });
}
