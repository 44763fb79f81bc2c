import { RR } from '../rr-types.ts';
import type { Rdata } from '../types.ts';
import { type Cursor, need, readU8 } from './cursor.ts';
import { WireError } from './error.ts';
import { readName, skipPlainName } from './name.ts';

/**
 * A piece of RDATA: a number of octets; a name that senders may compress, hence expanded here; a name that they may
 * not; one character-string; character-strings to the end, at least one; whatever is left.
 */
type Piece = number | 'name' | 'plain-name' | 'string' | 'strings' | 'rest';

/**
 * The types whose RDATA is checked octet by octet, after the RFCs that define them. Names are expanded for the types
 * that RFC 1035 and RFC 3597 §4 allow to be compressed. Every other type is opaque (RFC 3597).
 */
const LAYOUTS: Readonly<Record<number, readonly Piece[]>> = {
  [RR.A]: [4],
  [RR.NS]: ['name'],
  [RR.CNAME]: ['name'],
  [RR.SOA]: ['name', 'name', 20],
  [RR.MB]: ['name'],
  [RR.MG]: ['name'],
  [RR.MR]: ['name'],
  [RR.PTR]: ['name'],
  [RR.HINFO]: ['string', 'string'],
  [RR.MINFO]: ['name', 'name'],
  [RR.MX]: [2, 'name'],
  [RR.TXT]: ['strings'],
  [RR.RP]: ['name', 'name'],
  [RR.AFSDB]: [2, 'name'],
  [RR.RT]: [2, 'name'],
  [RR.PX]: [2, 'name', 'name'],
  [RR.AAAA]: [16],
  [RR.SRV]: [6, 'name'],
  [RR.NAPTR]: [4, 'string', 'string', 'string', 'name'],
  [RR.KX]: [2, 'name'],
  [RR.DNAME]: ['name'],
  [RR.DS]: [4, 'rest'],
  [RR.SSHFP]: [2, 'rest'],
  [RR.RRSIG]: [18, 'plain-name', 'rest'],
  [RR.NSEC]: ['plain-name', 'rest'],
  [RR.DNSKEY]: [4, 'rest'],
  [RR.TLSA]: [3, 'rest'],
  [RR.SVCB]: [2, 'plain-name', 'rest'],
  [RR.HTTPS]: [2, 'plain-name', 'rest'],
  [RR.SPF]: ['strings'],
  [RR.NID]: [10],
  [RR.L32]: [6],
  [RR.L64]: [10],
  [RR.LP]: [2, 'plain-name'],
  [RR.EUI48]: [6],
  [RR.EUI64]: [8],
  [RR.CAA]: [1, 'string', 'rest'],
};

/**
 * Reads the RDATA between the cursor and `end`, its names expanded, letter case kept.
 *
 * @throws WireError when the type's fields do not fill it exactly.
 */
export function readRdata(cursor: Cursor, type: number, end: number): Rdata {
  const pieces = LAYOUTS[type];
  if (pieces === undefined) return take(cursor, end);
  let rdata = '';
  let copied = cursor.at;
  for (const piece of pieces) {
    const start = cursor.at;
    if (piece === 'name') {
      rdata += cursor.text.slice(copied, start) + readName(cursor, end);
      copied = cursor.at;
    } else {
      skip(cursor, piece, end);
    }
  }
  if (cursor.at !== end) throw new WireError(`RDLENGTH leaves ${end - cursor.at} octets over`, cursor.at);
  return copied === end ? rdata : rdata + cursor.text.slice(copied, end);
}

function skip(cursor: Cursor, piece: Exclude<Piece, 'name'>, end: number): void {
  if (typeof piece === 'number') {
    need(cursor, piece, end, 'RDATA');
    cursor.at += piece;
    return;
  }
  switch (piece) {
    case 'plain-name':
      skipPlainName(cursor, end);
      return;
    case 'string':
      skipString(cursor, end);
      return;
    case 'strings':
      do skipString(cursor, end);
      while (cursor.at < end);
      return;
    case 'rest':
      cursor.at = end;
  }
}

function skipString(cursor: Cursor, end: number): void {
  need(cursor, 1, end, 'a character-string');
  const length = readU8(cursor);
  need(cursor, length, end, 'a character-string');
  cursor.at += length;
}

function take(cursor: Cursor, end: number): Rdata {
  const rdata = cursor.text.slice(cursor.at, end);
  cursor.at = end;
  return rdata;
}
