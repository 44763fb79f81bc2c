import { connect } from 'node:net';
import { formatRdata } from '../../src/dns/rdata.ts';
import { formatName, parseName } from '../../src/dns/name.ts';
import { typeCode, typeName } from '../../src/dns/rr-types.ts';
import type { WireRecord } from '../../src/dns/types.ts';
import { frame, FrameReader } from '../../src/dns/wire/frames.ts';
import { readMessage } from '../../src/dns/wire/message.ts';
import { FLAG, rcodeName } from '../../src/dns/wire/protocol.ts';
import { writeMessage } from '../../src/dns/wire/writer.ts';

/** An answer as a test reads it: `A 10.1.0.1`; authority with TTLs: `900 SOA …`. */
export interface TestAnswer {
  readonly rcode: string;
  readonly authoritative: boolean;
  /** Recursion is available. */
  readonly recursion: boolean;
  readonly answers: readonly string[];
  /** Owner and TTL of each answer: `www.example.com. 300`. */
  readonly owners: readonly string[];
  readonly authority: readonly string[];
}

/** Asks a server on loopback one question over TCP, with recursion desired. */
export async function askOverTcp(port: number, name: string, type: string): Promise<TestAnswer> {
  const question = { name: parseName(name, 'decimal'), type: typeCode(type) ?? 0, class: 1 };
  const bytes = await exchange(port, writeMessage({ id: 7, flags: FLAG.RD, question }));
  const message = readMessage(bytes);
  const flags = bytes.readUInt16BE(2);
  return {
    rcode: rcodeName(message.rcode),
    authoritative: (flags & FLAG.AA) !== 0,
    recursion: (flags & FLAG.RA) !== 0,
    answers: message.answers.map(text),
    owners: message.answers.map(({ name: owner, ttl }) => `${formatName(owner, 'decimal')} ${ttl}`),
    authority: authorityOf(bytes).map((record) => `${record.ttl} ${text(record)}`),
  };
}

/** Read as answers: the reader of messages checks authority records and leaves them out. */
function authorityOf(bytes: Buffer): readonly WireRecord[] {
  const answers = bytes.readUInt16BE(6);
  const asAnswers = Buffer.from(bytes);
  asAnswers.writeUInt16BE(answers + bytes.readUInt16BE(8), 6);
  asAnswers.writeUInt16BE(0, 8);
  return readMessage(asAnswers).answers.slice(answers);
}

function text({ type, rdata }: WireRecord): string {
  return `${typeName(type)} ${formatRdata(type, rdata, 'decimal')}`;
}

function exchange(port: number, query: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader();
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      const [message] = frames.push(chunk);
      if (message === undefined) return;
      socket.destroy();
      resolve(message);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the connection without an answer.')));
    socket.write(frame(query));
  });
}
