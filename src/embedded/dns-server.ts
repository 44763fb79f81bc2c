import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { frame, FrameReader } from '../dns/wire/frames.ts';
import { asBuffer } from './octets.ts';

/** The only address it listens on: it is for demonstrations and tests. */
const LOOPBACK = '127.0.0.1';

export interface DnsServer {
  readonly port: number;
  /** From now on it does not keep the process alive. */
  unref(): void;
  /** Ends open connections and stops listening. */
  close(): Promise<void>;
}

/** The messages that answer one. Octets, and not Node's own type of them, since this stands in public types. */
type Answerer = (query: Uint8Array) => Iterable<Uint8Array>;

/**
 * A DNS server over TCP on loopback (RFC 7766).
 *
 * @param port 0: any free one.
 * @param answer the messages that answer one; a throw ends the connection: there is nobody to tell.
 * @throws the system's error for a port in use.
 */
export async function openDnsServer(port: number, answer: Answerer): Promise<DnsServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A peer that resets its connection ends that connection and nothing else.
    socket.on('error', () => socket.destroy());
    void serve(socket, answer);
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    unref: () => void server.unref(),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serve(socket: Socket, answer: Answerer): Promise<void> {
  const frames = new FrameReader();
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const query of frames.push(chunk)) {
        for (const message of answer(query)) {
          if (!socket.write(frame(asBuffer(message)))) await once(socket, 'drain');
        }
      }
    }
  } catch {
    // Not a DNS message, or the peer went away: there is nobody left to tell.
    socket.destroy();
  }
}
