import type { WireKey } from '../../src/dns/tsig/key.ts';
import { appendTsig, continueFrom, finish, timers, variables } from '../../src/dns/tsig/sign.ts';

/** Signs the messages of one answer, but not all of them (RFC 8945 §5.3.1). */
export interface SparseSigner {
  sign(message: Buffer): Buffer;
  /** The message stays as it is; the next signature covers it. */
  skip(message: Buffer): Buffer;
}

/** @param time seconds since the epoch. */
export function sparseSigner(key: WireKey, requestMac: Buffer, time: number): SparseSigner {
  const fields = { time, fudge: 300, error: 0, other: Buffer.alloc(0) };
  let digest = continueFrom(key, requestMac);
  let isFirst = true;
  return {
    sign(message) {
      const mac = finish(digest.update(message).update(isFirst ? variables(key, fields) : timers(fields)), key);
      digest = continueFrom(key, mac);
      isFirst = false;
      return appendTsig(message, key, { ...fields, mac });
    },
    skip(message) {
      digest.update(message);
      return message;
    },
  };
}
