import { WireError } from './error.ts';

/** A place in a message. `text` holds the same octets as `bytes`, one latin1 character each: slices of it are cheap. */
export interface Cursor {
  readonly bytes: Buffer;
  readonly text: string;
  at: number;
}

export function openCursor(bytes: Buffer): Cursor {
  return { bytes, text: bytes.toString('latin1'), at: 0 };
}

/** Throws a WireError unless `count` octets remain before `end`. */
export function need(cursor: Cursor, count: number, end: number, what: string): void {
  if (cursor.at + count > end) throw new WireError(`${what} runs past its end`, cursor.at);
}

export function readU8(cursor: Cursor): number {
  const value = cursor.bytes[cursor.at] ?? 0;
  cursor.at += 1;
  return value;
}

export function readU16(cursor: Cursor): number {
  const { bytes, at } = cursor;
  cursor.at = at + 2;
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function readU32(cursor: Cursor): number {
  const high = readU16(cursor);
  return high * 0x10000 + readU16(cursor);
}
