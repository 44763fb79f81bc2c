import type { WireName } from '../types.ts';
import { type Cursor, need } from './cursor.ts';
import { WireError } from './error.ts';
import { HEADER_OCTETS } from './protocol.ts';

/** RFC 1035 §2.3.4, the root's octet included. */
const MAX_NAME_OCTETS = 255;

/** A name has at most 127 labels (RFC 1035 §2.3.4), so a chain with more pointers than that serves nothing. */
const MAX_POINTERS = 127;

const POINTER = 0xc0;

/**
 * Reads the name at the cursor, letter case kept, and leaves the cursor behind it.
 *
 * @param end offset that the part of the name written in place must not cross.
 * @throws WireError for a name over 255 octets, an unknown label type, and a pointer that does not point strictly
 * backwards (RFC 1035 §4.1.4: to a prior occurrence).
 */
export function readName(cursor: Cursor, end: number): WireName {
  return follow(cursor, end, 0);
}

/** Passes over a name of a type whose names are never compressed (RFC 3597 §4). */
export function skipPlainName(cursor: Cursor, end: number): void {
  const start = cursor.at;
  const name = follow(cursor, end, 0);
  if (cursor.at - start !== name.length) throw new WireError('a name is compressed where its type forbids it', start);
}

function follow(cursor: Cursor, end: number, pointers: number): WireName {
  const { bytes, text, at: start } = cursor;
  let at = start;
  for (;;) {
    if (at >= end) throw new WireError('a name runs past its end', start);
    const length = bytes[at] ?? 0;
    if (length === 0) {
      cursor.at = at + 1;
      return checked(text.slice(start, at + 1), start);
    }
    if (length >= POINTER) {
      cursor.at = at;
      need(cursor, 2, end, 'a compression pointer');
      const target = ((length & ~POINTER) << 8) | (bytes[at + 1] ?? 0);
      if (target >= start || target < HEADER_OCTETS) {
        throw new WireError(`a compression pointer to ${target} does not point to an earlier name`, at);
      }
      const tail = nameAt(cursor, target, pointers + 1);
      cursor.at = at + 2;
      return at === start ? tail : checked(text.slice(start, at) + tail, start);
    }
    if (length >= 0x40) throw new WireError(`label type 0x${length.toString(16)} is unknown`, at);
    at += length + 1;
  }
}

function nameAt(cursor: Cursor, target: number, pointers: number): WireName {
  const known = cursor.names.get(target);
  if (known !== undefined) return known;
  if (pointers > MAX_POINTERS) throw new WireError(`over ${MAX_POINTERS} compression pointers in a row`, target);
  cursor.at = target;
  const name = follow(cursor, cursor.bytes.length, pointers);
  cursor.names.set(target, name);
  return name;
}

function checked(name: WireName, at: number): WireName {
  if (name.length > MAX_NAME_OCTETS) throw new WireError(`a name has ${name.length} octets, over 255`, at);
  return name;
}
