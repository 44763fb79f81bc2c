import { foldName } from '../name.ts';
import { RR } from '../rr-types.ts';
import type { WireName, WireRecord, ZoneFinding } from '../types.ts';
import { type Cursor, need, openCursor, readU16, readU32 } from './cursor.ts';
import { WireError } from './error.ts';
import { readName } from './name.ts';
import { CLASS, FLAG, HEADER_OCTETS } from './protocol.ts';
import { readRdata } from './rdata.ts';
import { readTsig, type TsigRecord } from './tsig-record.ts';

/** RFC 2181 §8: a TTL with the highest bit set counts as zero. */
const TTL_LIMIT = 2 ** 31;

export interface Question {
  /** Letter case as received. */
  readonly name: WireName;
  readonly type: number;
  readonly class: number;
}

/** A DNS message (RFC 1035 §4.1). Authority and additional records are checked and left out, but for TSIG. */
export interface Message {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly truncated: boolean;
  readonly rcode: number;
  readonly question: Question | undefined;
  readonly answers: readonly WireRecord[];
  readonly tsig: TsigRecord | undefined;
}

interface RecordHead {
  readonly name: WireName;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  /** Offset behind the RDATA. */
  readonly end: number;
}

/**
 * Reads one whole message. Owners come folded to lower case, names in RDATA expanded with their case kept.
 *
 * @param findings takes what is odd but legal: a TTL of 2^31 or more, read as zero.
 * @throws WireError for anything that is not exactly a message whose answers are of class IN.
 */
export function readMessage(bytes: Buffer, findings: ZoneFinding[] = []): Message {
  const cursor = openCursor(bytes);
  need(cursor, HEADER_OCTETS, bytes.length, 'the header');
  const id = readU16(cursor);
  const flags = readU16(cursor);
  const questions = readU16(cursor);
  const answerCount = readU16(cursor);
  const authorityCount = readU16(cursor);
  const additionalCount = readU16(cursor);
  if (questions > 1) throw new WireError(`${questions} questions`, cursor.at);

  const question = questions === 1 ? readQuestion(cursor) : undefined;
  const answers: WireRecord[] = [];
  for (let left = answerCount; left > 0; left -= 1) answers.push(readAnswer(cursor, findings));
  for (let left = authorityCount; left > 0; left -= 1) skipRecord(cursor);
  const tsig = readAdditional(cursor, additionalCount);
  if (cursor.at !== bytes.length) {
    throw new WireError(`${bytes.length - cursor.at} octets follow the records that the header counts`, cursor.at);
  }
  return {
    id,
    response: (flags & FLAG.QR) !== 0,
    opcode: (flags >> FLAG.OPCODE_SHIFT) & FLAG.OPCODE_MASK,
    truncated: (flags & FLAG.TC) !== 0,
    rcode: flags & FLAG.RCODE_MASK,
    question,
    answers,
    tsig,
  };
}

function readQuestion(cursor: Cursor): Question {
  const end = cursor.bytes.length;
  const name = readName(cursor, end);
  need(cursor, 4, end, 'the question');
  return { name, type: readU16(cursor), class: readU16(cursor) };
}

function readHead(cursor: Cursor): RecordHead {
  const limit = cursor.bytes.length;
  const name = readName(cursor, limit);
  need(cursor, 10, limit, 'a record');
  const type = readU16(cursor);
  const recordClass = readU16(cursor);
  const ttl = readU32(cursor);
  const length = readU16(cursor);
  need(cursor, length, limit, 'RDATA');
  return { name, type, class: recordClass, ttl, end: cursor.at + length };
}

function readAnswer(cursor: Cursor, findings: ZoneFinding[]): WireRecord {
  const start = cursor.at;
  const head = readHead(cursor);
  const { type } = head;
  if (head.class !== CLASS.IN) throw new WireError(`a record of class ${head.class}, not IN`, start);
  if (isMetaType(type)) throw new WireError(`type ${type} among the answers`, start);
  const name = foldName(head.name);
  const rdata = readRdata(cursor, type, head.end);
  if (head.ttl < TTL_LIMIT) return { name, type, ttl: head.ttl, rdata };
  findings.push({
    code: 'ttl-out-of-range',
    name,
    type,
    detail: `TTL ${head.ttl} is over 2147483647 and counts as 0 (RFC 2181 §8).`,
  });
  return { name, type, ttl: 0, rdata };
}

function skipRecord(cursor: Cursor): void {
  const start = cursor.at;
  const head = readHead(cursor);
  if (head.type === RR.TSIG) throw new WireError('TSIG stands before the end of the message', start);
  cursor.at = head.end;
}

function readAdditional(cursor: Cursor, count: number): TsigRecord | undefined {
  for (let left = count; left > 1; left -= 1) skipRecord(cursor);
  if (count === 0) return undefined;
  const start = cursor.at;
  const head = readHead(cursor);
  if (head.type === RR.TSIG) return readTsig(cursor, { ...head, start });
  cursor.at = head.end;
  return undefined;
}

/** Types that no zone holds (RFC 6895 §3.1): zero, OPT, and from TKEY to ANY. */
function isMetaType(type: number): boolean {
  return type === 0 || type === RR.OPT || (type >= RR.TKEY && type <= RR.ANY);
}
