import { readFileSync } from 'node:fs';

import { parseName } from '../../src/dns/name.ts';
import { parseRdata } from '../../src/dns/rdata.ts';
import { typeCode } from '../../src/dns/rr-types.ts';
import type { WireName, WireRecord } from '../../src/dns/types.ts';
import type { Message } from '../../src/dns/wire/message.ts';
import { FLAG } from '../../src/dns/wire/protocol.ts';
import { type OutgoingMessage, writeMessage } from '../../src/dns/wire/writer.ts';

export const ZONE: WireName = parseName('z.test.', 'decimal');

/** A record in the zone `z.test.`, from text: `record('www 300 A 192.0.2.1')`. */
export function record(text: string): WireRecord {
  const [, owner = '', ttl, type = '', rdata = ''] = /^(\S+) (\d+) (\S+) ?(.*)$/.exec(text) ?? [];
  const code = typeCode(type) ?? 0;
  const name = parseName(owner, 'decimal', ZONE);
  return { name, type: code, ttl: Number(ttl), rdata: parseRdata(code, rdata, 'decimal', ZONE) };
}

/** The SOA of `z.test.`. */
export function soa(serial: number): WireRecord {
  return record(`@ 300 SOA ns1 hostmaster ${serial} 3600 600 1209600 300`);
}

/** One message of an answer to `query`. */
export function reply(query: Message, answers: readonly WireRecord[], changes: Partial<OutgoingMessage> = {}): Buffer {
  return writeMessage({ id: query.id, flags: FLAG.QR | FLAG.AA, question: query.question, answers, ...changes });
}

/** Messages of real transfers from BIND 9.18: one record each, several, and signed ones. */
export function capturedMessages(): Buffer[] {
  const text = readFileSync(new URL('../captures/bind-9.18-axfr.hex', import.meta.url), 'latin1');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));
}
