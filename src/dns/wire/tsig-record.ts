import { foldName } from '../name.ts';
import type { WireName } from '../types.ts';
import { type Cursor, need, readU16, readU32 } from './cursor.ts';
import { WireError } from './error.ts';
import { readName } from './name.ts';
import { CLASS } from './protocol.ts';

/** A TSIG record as it stood at the end of a message (RFC 8945 §4.2). */
export interface TsigRecord {
  /** Name of the key, folded. */
  readonly key: WireName;
  /** Name of the algorithm, folded. */
  readonly algorithm: WireName;
  /** Seconds since the epoch, 48 bits. */
  readonly time: number;
  /** Seconds. */
  readonly fudge: number;
  readonly mac: Buffer;
  readonly originalId: number;
  readonly error: number;
  readonly other: Buffer;
  /** Offset of the record in its message: where the signed part ends. */
  readonly start: number;
}

interface TsigHead {
  readonly name: WireName;
  readonly class: number;
  readonly ttl: number;
  readonly start: number;
  readonly end: number;
}

/** Reads a TSIG's RDATA at the cursor. */
export function readTsig(cursor: Cursor, head: TsigHead): TsigRecord {
  if (head.class !== CLASS.ANY || head.ttl !== 0) throw new WireError('TSIG needs class ANY and TTL 0', head.start);
  const algorithm = foldName(readName(cursor, head.end));
  need(cursor, 10, head.end, 'TSIG');
  const time = readU16(cursor) * 2 ** 32 + readU32(cursor);
  const fudge = readU16(cursor);
  const mac = readBlock(cursor, readU16(cursor), head.end);
  need(cursor, 6, head.end, 'TSIG');
  const originalId = readU16(cursor);
  const error = readU16(cursor);
  const other = readBlock(cursor, readU16(cursor), head.end);
  if (cursor.at !== head.end) throw new WireError('TSIG does not fill its RDLENGTH', cursor.at);
  return { key: foldName(head.name), algorithm, time, fudge, mac, originalId, error, other, start: head.start };
}

function readBlock(cursor: Cursor, length: number, end: number): Buffer {
  need(cursor, length, end, 'TSIG');
  const block = Buffer.from(cursor.bytes.subarray(cursor.at, cursor.at + length));
  cursor.at += length;
  return block;
}
