import type { WireName } from '../types.ts';
import { type Cursor, need } from './cursor.ts';
import { WireError } from './error.ts';
import { HEADER_OCTETS } from './protocol.ts';

/** RFC 1035 §2.3.4, the root's octet included. */
const MAX_NAME_OCTETS = 255;

/** A name has at most 127 labels (RFC 1035 §2.3.4), so a chain with more pointers than that serves nothing. */
const MAX_POINTERS = 127;

const POINTER = 0xc0;

/** The octets of the name that is being read. Reused: reading millions of names must not allocate more than them. */
const octets = Buffer.alloc(MAX_NAME_OCTETS);

/**
 * Reads the name at the cursor, letter case kept, and leaves the cursor behind it.
 *
 * @param end offset that the part of the name written in place must not cross.
 * @throws WireError for a name over 255 octets, an unknown label type, and a pointer that does not point strictly
 * backwards (RFC 1035 §4.1.4: to a prior occurrence).
 */
export function readName(cursor: Cursor, end: number): WireName {
  return octets.toString('latin1', 0, expandName(cursor, end));
}

/** Passes over a name of a type whose names are never compressed (RFC 3597 §4). */
export function skipPlainName(cursor: Cursor, end: number): void {
  const start = cursor.at;
  const length = expandName(cursor, end);
  if (cursor.at - start !== length) throw new WireError('a name is compressed where its type forbids it', start);
}

/** Puts the name into `octets` and gives its length. */
function expandName(cursor: Cursor, end: number): number {
  const { bytes, at: start } = cursor;
  let used = 0;
  let at = start;
  // Of the labels that are being read: where they began, and what they must not cross.
  let from = start;
  let limit = end;
  /** Behind the first pointer, once there was one. */
  let behind: number | undefined;
  for (let pointers = 0; ;) {
    if (at >= limit) throw new WireError('a name runs past its end', from);
    const length = bytes[at] ?? 0;
    if (length >= POINTER) {
      cursor.at = at;
      need(cursor, 2, limit, 'a compression pointer');
      const target = ((length & ~POINTER) << 8) | (bytes[at + 1] ?? 0);
      if (target >= from || target < HEADER_OCTETS) {
        throw new WireError(`a compression pointer to ${target} does not point to an earlier name`, at);
      }
      pointers += 1;
      if (pointers > MAX_POINTERS) throw new WireError(`over ${MAX_POINTERS} compression pointers in a row`, target);
      behind ??= at + 2;
      limit = bytes.length;
      from = target;
      at = target;
      continue;
    }
    if (length >= 0x40) throw new WireError(`label type 0x${length.toString(16)} is unknown`, at);
    const next = at + length + 1;
    if (next > limit) throw new WireError('a name runs past its end', from);
    if (used + length + 1 > MAX_NAME_OCTETS) throw new WireError(`a name has over ${MAX_NAME_OCTETS} octets`, start);
    for (; at < next; at += 1, used += 1) octets[used] = bytes[at] ?? 0;
    if (length > 0) continue;
    cursor.at = behind ?? at;
    return used;
  }
}
