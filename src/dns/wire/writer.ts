import type { WireName, WireRecord } from '../types.ts';
import type { Question } from './message.ts';
import { CLASS, HEADER_OCTETS } from './protocol.ts';

/** What a question or an answer of ours says; names are written without compression. */
export interface OutgoingMessage {
  readonly id: number;
  /** The header's second 16 bits, see `FLAG`. */
  readonly flags: number;
  readonly question?: Question | undefined;
  readonly answers?: readonly WireRecord[];
  readonly authority?: readonly WireRecord[];
  readonly additional?: readonly WireRecord[];
}

/** Octets of a record's fixed fields between owner and RDATA: type, class, TTL, RDLENGTH. */
const RECORD_FIELDS = 10;

/** Writes a message (RFC 1035 §4.1). */
export function writeMessage(message: OutgoingMessage): Buffer {
  const { id, question, answers = [], authority = [], additional = [] } = message;
  const records = [...answers, ...authority, ...additional];
  let octets = HEADER_OCTETS + (question === undefined ? 0 : question.name.length + 4);
  for (const record of records) octets += recordOctets(record);
  const bytes = Buffer.alloc(octets);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(message.flags, 2);
  bytes.writeUInt16BE(question === undefined ? 0 : 1, 4);
  bytes.writeUInt16BE(answers.length, 6);
  bytes.writeUInt16BE(authority.length, 8);
  bytes.writeUInt16BE(additional.length, 10);
  let at = HEADER_OCTETS;
  if (question !== undefined) {
    at += bytes.write(question.name, at, 'latin1');
    at = bytes.writeUInt16BE(question.type, at);
    at = bytes.writeUInt16BE(question.class, at);
  }
  for (const record of records) at = writeRecord(bytes, at, record);
  return bytes;
}

/** Octets that a record takes in a message of ours. */
export function recordOctets(record: WireRecord): number {
  return record.name.length + RECORD_FIELDS + record.rdata.length;
}

function writeRecord(bytes: Buffer, start: number, record: WireRecord): number {
  let at = start + bytes.write(record.name, start, 'latin1');
  at = bytes.writeUInt16BE(record.type, at);
  at = bytes.writeUInt16BE(CLASS.IN, at);
  at = bytes.writeUInt32BE(record.ttl, at);
  at = bytes.writeUInt16BE(record.rdata.length, at);
  return at + bytes.write(record.rdata, at, 'latin1');
}

/** What a query says beyond its question. */
export type QueryExtras = Partial<Pick<OutgoingMessage, 'flags' | 'authority'>>;

/** A standard query of class IN (RFC 1035 §4.1). */
export function writeQuery(id: number, name: WireName, type: number, extras: QueryExtras = {}): Buffer {
  return writeMessage({ id, flags: 0, question: { name, type, class: CLASS.IN }, ...extras });
}
