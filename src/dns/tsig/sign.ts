import type { Hmac } from 'node:crypto';

import { RR } from '../rr-types.ts';
import type { WireName } from '../types.ts';
import { CLASS, HEADER_OCTETS } from '../wire/protocol.ts';
import type { TsigRecord } from '../wire/tsig-record.ts';
import type { WireKey } from './key.ts';

/** Seconds that the clocks of both sides may differ (RFC 8945 §10 recommends 300). */
export const FUDGE_SECONDS = 300;

/** Offset of ARCOUNT in the header. */
const ARCOUNT_AT = 10;

/** The fields of a TSIG record that are signed along with the message. */
export type SignedFields = Pick<TsigRecord, 'time' | 'fudge' | 'error' | 'other'>;

/** A signed message, and the MAC that the next one of the exchange continues from. */
export interface Signed {
  readonly bytes: Buffer;
  readonly mac: Buffer;
}

/** Starts the digest of a message that follows one with the MAC `prior` (RFC 8945 §4.3.1, §5.3.1). */
export function continueFrom(key: WireKey, prior: Buffer): Hmac {
  return key.hmac().update(u16(prior.length)).update(prior);
}

/** Adds a message to a digest as it was before its TSIG was appended (RFC 8945 §4.3.2). */
export function digestStripped(hmac: Hmac, bytes: Buffer, tsig: Pick<TsigRecord, 'start' | 'originalId'>): void {
  const header = Buffer.from(bytes.subarray(0, HEADER_OCTETS));
  header.writeUInt16BE(tsig.originalId, 0);
  header.writeUInt16BE(header.readUInt16BE(ARCOUNT_AT) - 1, ARCOUNT_AT);
  hmac.update(header).update(bytes.subarray(HEADER_OCTETS, tsig.start));
}

/** The TSIG variables (RFC 8945 §4.3.3), signed with the first message of an exchange. */
export function variables(key: WireKey, fields: SignedFields): Buffer {
  return Buffer.concat([
    Buffer.from(key.name, 'latin1'),
    u16(CLASS.ANY),
    u32(0),
    Buffer.from(key.algorithm, 'latin1'),
    timers(fields),
    u16(fields.error),
    u16(fields.other.length),
    fields.other,
  ]);
}

/** The TSIG timers, all that is signed with later messages of a stream (RFC 8945 §5.3.1). */
export function timers(fields: Pick<SignedFields, 'time' | 'fudge'>): Buffer {
  return Buffer.concat([u48(fields.time), u16(fields.fudge)]);
}

/** Signs a query of ours. @param time seconds since the epoch. */
export function signQuery(query: Buffer, key: WireKey, time: number): Signed {
  const fields = { time, fudge: FUDGE_SECONDS, error: 0, other: Buffer.alloc(0) };
  const mac = finish(key.hmac().update(query).update(variables(key, fields)), key);
  return { bytes: appendTsig(query, key, { ...fields, mac }), mac };
}

/** The MAC of a digest, cut to what the key's algorithm says. */
export function finish(hmac: Hmac, key: WireKey): Buffer {
  return hmac.digest().subarray(0, key.macOctets);
}

/** Appends a TSIG record to a message (RFC 8945 §4.2). */
export function appendTsig(
  message: Buffer,
  key: { readonly name: WireName; readonly algorithm: WireName },
  fields: SignedFields & { readonly mac: Buffer },
): Buffer {
  const rdata = Buffer.concat([
    Buffer.from(key.algorithm, 'latin1'),
    timers(fields),
    u16(fields.mac.length),
    fields.mac,
    message.subarray(0, 2),
    u16(fields.error),
    u16(fields.other.length),
    fields.other,
  ]);
  const name = Buffer.from(key.name, 'latin1');
  const signed = Buffer.concat([message, name, u16(RR.TSIG), u16(CLASS.ANY), u32(0), u16(rdata.length), rdata]);
  signed.writeUInt16BE(message.readUInt16BE(ARCOUNT_AT) + 1, ARCOUNT_AT);
  return signed;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** TSIG's time: 48 bits. */
export function u48(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  return bytes;
}
