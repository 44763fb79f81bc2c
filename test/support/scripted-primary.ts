import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { FrameReader } from '../../src/dns/wire/frames.ts';
import { type Message, readMessage } from '../../src/dns/wire/message.ts';

/** What a scripted primary does after a query: octets to send as they are, then end, reset, or nothing more. */
export type Step = Buffer | 'end' | 'reset';

/** Gives the steps that answer a query; `attempt` counts connections with a query from 1. */
export type Script = (query: Message, attempt: number, bytes: Buffer) => readonly Step[] | Promise<readonly Step[]>;

export interface ScriptedPrimary {
  readonly host: string;
  readonly port: number;
  /** Queries received. */
  readonly attempts: number;
  /** Connections that stand now. */
  readonly open: number;
  /** Resolves when no connection stands any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** A primary that sends exactly what a test wants sent. */
export async function startScriptedPrimary(script: Script): Promise<ScriptedPrimary> {
  const sockets = new Set<Socket>();
  let attempts = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
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
    for (const step of await script(readMessage(bytes), attempts, bytes)) {
      if (step === 'end') socket.end();
      else if (step === 'reset') socket.resetAndDestroy();
      else socket.write(step);
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
