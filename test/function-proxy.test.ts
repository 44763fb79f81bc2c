import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { GetHostedZoneCountCommand, Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proxyAgent } from '../src/runtime/proxy.ts';

const tls = (file: string): Buffer => readFileSync(fileURLToPath(new URL(`support/tls/${file}.pem`, import.meta.url)));

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Route 53 as far as one read goes, over TLS. */
async function startApi(): Promise<number> {
  const server = createTlsServer({ key: tls('key'), cert: tls('cert') }, (_request, response) => {
    response.setHeader('content-type', 'text/xml');
    response.end('<GetHostedZoneCountResponse><HostedZoneCount>7</HostedZoneCount></GetHostedZoneCountResponse>');
  });
  return listen(server);
}

/** A CONNECT proxy that takes everybody to one port and remembers whom it was asked for. */
async function startProxy(target: number): Promise<{ readonly port: number; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createHttpServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(request);
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return { port: await listen(server), asked };
}

function clientThrough(port: number, noProxy: readonly string[], endpoint: string): Route53Client {
  const agent = proxyAgent({ url: `http://127.0.0.1:${port}`, noProxy });
  Object.assign(agent.options, { ca: tls('cert') });
  const client = new Route53Client({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret-canary' },
    maxAttempts: 1,
    requestHandler: { httpsAgent: agent, connectionTimeout: 2_000, requestTimeout: 5_000 },
  });
  onTestFinished(() => client.destroy());
  return client;
}

describe('AWS calls of a function with a proxy', () => {
  it('go through a CONNECT tunnel, TLS end to end, without credentials for the proxy', async () => {
    const proxy = await startProxy(await startApi());
    const client = clientThrough(proxy.port, [], 'https://route53.amazonaws.test');

    const { HostedZoneCount } = await client.send(new GetHostedZoneCountCommand({}));

    expect(HostedZoneCount).toBe(7);
    expect(proxy.asked.map(({ url }) => url)).toEqual(['route53.amazonaws.test:443']);
    expect(proxy.asked[0]!.headers['proxy-authorization']).toBeUndefined();
    expect(JSON.stringify(proxy.asked[0]!.headers)).not.toContain('canary');
  });

  it('a host of noProxy is spoken to directly', async () => {
    const api = await startApi();
    const proxy = await startProxy(api);
    const client = clientThrough(proxy.port, ['localhost'], `https://localhost:${api}`);

    const { HostedZoneCount } = await client.send(new GetHostedZoneCountCommand({}));

    expect(HostedZoneCount).toBe(7);
    expect(proxy.asked).toEqual([]);
  });

  it('a proxy that refuses is an error, and nothing goes around it', async () => {
    const asked: (string | undefined)[] = [];
    const refusing = createHttpServer();
    refusing.on('connect', ({ url }: IncomingMessage, socket: Socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const client = clientThrough(await listen(refusing), [], 'https://route53.amazonaws.test');

    const error: unknown = await client.send(new GetHostedZoneCountCommand({})).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(asked).toEqual(['route53.amazonaws.test:443']);
  });
});
