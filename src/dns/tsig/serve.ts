import { timingSafeEqual } from 'node:crypto';

import type { TsigRecord } from '../wire/tsig-record.ts';
import type { WireKey } from './key.ts';
import { appendTsig, continueFrom, digestStripped, finish, FUDGE_SECONDS, timers, u48, variables } from './sign.ts';
import { TSIG_ERROR } from './verify.ts';

/** How a signed request is to be answered: `error` 0 or the code that the answer's TSIG carries (RFC 8945 §5.2). */
export interface RequestCheck {
  readonly error: number;
  /** Signs the messages of the answer, in order. */
  readonly sign: (message: Buffer) => Buffer;
}

/** Verifies a signed request on the side of a server. @param now seconds since the epoch. */
export function checkRequest(bytes: Buffer, tsig: TsigRecord, keys: readonly WireKey[], now: number): RequestCheck {
  const key = keys.find((known) => known.name === tsig.key && known.algorithm === tsig.algorithm);
  if (key === undefined) return refuseUnsigned(tsig, TSIG_ERROR.BADKEY, now);
  if (!fits(bytes, tsig, key)) return refuseUnsigned(tsig, TSIG_ERROR.BADSIG, now);
  if (Math.abs(now - tsig.time) > Math.min(tsig.fudge, FUDGE_SECONDS)) {
    // RFC 8945 §5.2.3: the answer repeats the client's time, so that the client can verify it, and tells ours beside.
    return { error: TSIG_ERROR.BADTIME, sign: signer(key, tsig.mac, tsig.time, TSIG_ERROR.BADTIME, u48(now)) };
  }
  return { error: 0, sign: signer(key, tsig.mac, now, 0, Buffer.alloc(0)) };
}

function fits(bytes: Buffer, tsig: TsigRecord, key: WireKey): boolean {
  const hmac = key.hmac();
  digestStripped(hmac, bytes, tsig);
  const expected = finish(hmac.update(variables(key, tsig)), key);
  return tsig.mac.length === expected.length && timingSafeEqual(tsig.mac, expected);
}

function refuseUnsigned(tsig: TsigRecord, error: number, now: number): RequestCheck {
  const fields = { time: now, fudge: FUDGE_SECONDS, mac: Buffer.alloc(0), error, other: Buffer.alloc(0) };
  return { error, sign: (message) => appendTsig(message, { name: tsig.key, algorithm: tsig.algorithm }, fields) };
}

function signer(key: WireKey, requestMac: Buffer, time: number, error: number, other: Buffer): RequestCheck['sign'] {
  let prior = requestMac;
  let first = true;
  return (message) => {
    const fields = { time, fudge: FUDGE_SECONDS, error, other };
    const hmac = continueFrom(key, prior).update(message);
    const mac = finish(hmac.update(first ? variables(key, fields) : timers(fields)), key);
    prior = mac;
    first = false;
    return appendTsig(message, key, { ...fields, mac });
  };
}
