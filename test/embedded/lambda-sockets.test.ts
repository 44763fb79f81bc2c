import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestFunctions, packDocument } from '../support/lambda.ts';

/** What a function got when it tried: `refused` or what it did. */
const TRY = `
  const refusal = (error) => (error.cause ?? error).name + ' ' + (error.code ?? error.cause?.code ?? '');
  const once = (emitter, good) => new Promise((resolve) => { emitter.once(good, () => resolve(good)); emitter.once('error', (error) => resolve(refusal(error))); });
  const attempt = async (work) => { try { return await work(); } catch (error) { return refusal(error); } };
`;
const REFUSED = 'EmbeddedRefusal EACCES';

function trying(imports: string, body: string): string {
  return `${imports}\n${TRY}\nexport const handler = async (event) => attempt(async () => { ${body} });`;
}

/** A TCP server on loopback that answers `pong`. */
async function serve(): Promise<number> {
  const server = createServer((socket) => socket.end('pong'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('T151 a function opens no socket', () => {
  it.each([
    ['net', trying("import net from 'node:net';", "return once(net.connect(event.port, '127.0.0.1'), 'connect');")],
    [
      'net by name',
      trying("import { connect } from 'node:net';", "return once(connect({ port: event.port }), 'connect');"),
    ],
    [
      'a socket of its own',
      trying("import { Socket } from 'node:net';", "return once(new Socket().connect(event.port), 'connect');"),
    ],
    [
      'a local socket',
      trying("import { connect } from 'node:net';", "return once(connect('/tmp/x.sock'), 'connect');"),
    ],
    [
      'require',
      trying(
        "import { createRequire } from 'node:module';",
        "return once(createRequire('/x.js')('net').connect(event.port), 'connect');",
      ),
    ],
    [
      'tls',
      trying("import { connect } from 'node:tls';", "return once(connect(event.port, '127.0.0.1'), 'secureConnect');"),
    ],
    [
      'http',
      trying("import { get } from 'node:http';", "return once(get('http://127.0.0.1:' + event.port), 'response');"),
    ],
    [
      'https',
      trying("import { get } from 'node:https';", "return once(get('https://127.0.0.1:' + event.port), 'response');"),
    ],
    [
      'http2',
      trying(
        "import { connect } from 'node:http2';",
        "return once(connect('http://127.0.0.1:' + event.port), 'remoteSettings');",
      ),
    ],
    ['fetch', trying('', "return (await fetch('http://127.0.0.1:' + event.port)).status;")],
    [
      'another host',
      trying("import { connect } from 'node:net';", "return once(connect(443, '192.0.2.1'), 'connect');"),
    ],
    [
      'a datagram',
      trying(
        "import { createSocket } from 'node:dgram';",
        "const socket = createSocket('udp4'); const ending = once(socket, 'sent'); socket.send('x', event.port, '127.0.0.1'); return ending;",
      ),
    ],
    [
      'a connected datagram socket',
      trying(
        "import { createSocket } from 'node:dgram';",
        "const socket = createSocket('udp4'); const ending = once(socket, 'connect'); socket.connect(event.port); return ending;",
      ),
    ],
    ['looking up a name', trying("import { lookup } from 'node:dns/promises';", "return lookup('example.com');")],
    [
      'looking up with a callback',
      trying(
        "import { lookup } from 'node:dns';",
        "return new Promise((resolve, reject) => lookup('example.com', (error) => reject(error)));",
      ),
    ],
    [
      'asking a name server',
      trying("import { resolve4 } from 'node:dns/promises';", "return resolve4('example.com');"),
    ],
    [
      'a resolver',
      trying(
        "import { Resolver } from 'node:dns';",
        "return new Promise((resolve) => new Resolver().resolve4('example.com', resolve));",
      ),
    ],
    [
      'a resolver with a server of its choice',
      trying(
        "import { promises } from 'node:dns';",
        "const own = new promises.Resolver(); own.setServers(['127.0.0.1:' + event.port]); return own.resolve4('example.com');",
      ),
    ],
    [
      'listening',
      trying("import { createServer } from 'node:net';", "return once(createServer().listen(0), 'listening');"),
    ],
    ['another process', trying("import { spawn } from 'node:child_process';", "return spawn('true').pid;")],
    [
      'another process, by require',
      trying(
        "import { createRequire } from 'node:module';",
        "return createRequire('/x.js')('child_process').execSync('echo x').toString();",
      ),
    ],
    [
      'another thread',
      trying("import { Worker } from 'node:worker_threads';", "return new Worker('1', { eval: true }).threadId;"),
    ],
    [
      'a thread of module hooks',
      trying("import { register } from 'node:module';", "return register('data:text/javascript,');"),
    ],
    [
      'a debugger of the host',
      trying("import { Session } from 'node:inspector';", 'return new Session().connectToMainThread();'),
    ],
    [
      'a debugger of the host, by promises',
      trying("import { Session } from 'node:inspector/promises';", 'return new Session().connectToMainThread();'),
    ],
    ['a signal to the host', trying('', 'return process.kill(process.pid, 0);')],
    ['internals of Node', trying('', "return typeof process.binding('tcp_wrap');")],
  ])('by %s', async (_what, source) => {
    const { create, invoke } = openTestFunctions();
    await create('tries', source);

    expect((await invoke('tries', { port: await serve() })).answer).toBe(REFUSED);
  });

  it('and cannot speak in the runtime’s name', async () => {
    const { create, invoke } = openTestFunctions();
    await create(
      'speaks',
      trying("import * as threads from 'node:worker_threads';", 'return [threads.parentPort, threads.workerData];'),
    );

    expect((await invoke('speaks')).answer).toEqual([null, null]);
  });
});

describe('an endpoint that the document declares', () => {
  const tcp = trying("import { connect } from 'node:net';", "return once(connect(event.port, event.host), 'connect');");

  it.each<[string, (port: number) => unknown, string]>([
    ['address and port', (port) => ({ spec: { primaries: [`127.0.0.1:${port}`] } }), '127.0.0.1'],
    ['a URL', (port) => ({ proxy: `http://user:x@127.0.0.1:${port}/` }), '127.0.0.1'],
    ['a name', (port) => [`localhost:${port}`], 'localhost'],
  ])('is open: %s', async (_what, document, host) => {
    const port = await serve();
    const { create, invoke } = openTestFunctions();
    await create('talks', tcp, { Environment: { Variables: { TRUEUP_DOCUMENT: packDocument(document(port)) } } });

    expect((await invoke('talks', { port, host })).answer).toBe('connect');
    expect((await invoke('talks', { port: port === 80 ? 81 : 80, host })).answer).toBe(REFUSED);
  });

  it.each<[string, string]>([
    ['another host', packDocument(['192.0.2.1:443'])],
    ['a text that only contains one', packDocument(['see 127.0.0.1:443'])],
    ['no JSON', 'AAAA'],
  ])('is not there: %s', async (_what, packed) => {
    const { create, invoke } = openTestFunctions();
    await create('talks', tcp, { Environment: { Variables: { TRUEUP_DOCUMENT: packed } } });

    const answers = [
      await invoke('talks', { port: 443, host: '192.0.2.1' }),
      await invoke('talks', { port: 443, host: '127.0.0.1' }),
    ];

    expect(answers.map(({ answer }) => answer)).toEqual([REFUSED, REFUSED]);
  });

  it('takes datagrams, and a resolver that is pointed at it', async () => {
    const server = createSocket('udp4', (message, { port }) => {
      if (message.toString() === 'ping') return server.send('pong', port);
      // The question back, refused: enough for a resolver to end.
      const reply = Buffer.from(message);
      reply[2] = 0x81;
      reply[3] = 0x05;
      server.send(reply, port);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address();
    const { create, invoke } = openTestFunctions();
    const source = trying(
      "import { createSocket } from 'node:dgram'; import { Resolver } from 'node:dns/promises';",
      `const socket = createSocket('udp4');
       const answer = new Promise((resolve) => socket.on('message', (message) => { resolve(message.toString()); socket.close(); }));
       socket.send('ping', event.port, '127.0.0.1');
       const resolver = new Resolver({ tries: 1, timeout: 2000 });
       resolver.setServers(['127.0.0.1:' + event.port]);
       return [await answer, await resolver.resolve4('x.test').catch((error) => error.code)];`,
    );
    await create('asks', source, {
      Environment: { Variables: { TRUEUP_DOCUMENT: packDocument([`127.0.0.1:${port}`]) } },
    });

    expect((await invoke('asks', { port })).answer).toEqual(['pong', 'EREFUSED']);
  });
});
