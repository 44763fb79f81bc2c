import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { FrameReader } from '../../src/dns/wire/frames.ts';
import { type Message, readMessage } from '../../src/dns/wire/message.ts';

/** What a scripted primary does after a query: octets to send as they are, then end, reset, or nothing more. */
export type Step = Buffer | 'end' | 'reset';

/** Gives the steps that answer a query; `attempt` counts connections with a query from 1. */
export type Script = (query: Message, attempt: number, bytes: Buffer) => Steps | Promise<Steps>;

/** Steps that come one by one may never end: they are asked for while the connection stands and takes them. */
type Steps = readonly Step[] | AsyncIterable<Step>;

export interface ScriptedPrimary {
  readonly host: string;
  readonly port: number;
  /** Queries received. */
  readonly attempts: number;
  /** Connections so far. */
  readonly connections: number;
  /** Connections that stand now. */
  readonly open: number;
  /** Resolves when no connection stands any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', () => resolve());
  });
}

/** A primary that sends exactly what a test wants sent. */
export async function startScriptedPrimary(script: Script): Promise<ScriptedPrimary> {
  const sockets = new Set<Socket>();
  let attempts = 0;
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on('close', () => {
      sockets.delete(socket);
      server.emit('left');
    });
    socket.on('error', () => socket.destroy());
    const frames = new FrameReader();
    socket.on('data', (chunk) => {
      for (const bytes of frames.push(chunk)) void respond(socket, bytes);
    });
  });

  async function respond(socket: Socket, bytes: Buffer): Promise<void> {
    attempts += 1;
    for await (const step of await script(readMessage(bytes), attempts, bytes)) {
      if (socket.destroyed) return;
      if (step === 'end') socket.end();
      else if (step === 'reset') socket.resetAndDestroy();
      else if (!socket.write(step)) await drained(socket);
    }
  }

  server.listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  return {
    host: HOST,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get attempts() {
      return attempts;
    },
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async idle() {
      while (sockets.size > 0) await once(server, 'left');
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
