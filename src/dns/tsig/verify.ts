import { type Hmac, timingSafeEqual } from 'node:crypto';

import type { Message } from '../wire/message.ts';
import type { TsigRecord } from '../wire/tsig-record.ts';
import { TsigError, type TsigErrorName } from './error.ts';
import { keyLabel } from './key.ts';
import type { WireKey } from './key.ts';
import { continueFrom, digestStripped, finish, FUDGE_SECONDS, timers, variables } from './sign.ts';

/** RFC 8945 §5.3.1: at least every hundredth message of a stream is signed. */
const MAX_UNSIGNED = 99;

/** Error codes in a TSIG record (RFC 8945 §3). */
export const TSIG_ERROR = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

/** Octets of the server's clock in a BADTIME answer (RFC 8945 §5.2.3). */
const CLOCK_OCTETS = 6;

interface Refusal {
  readonly name: TsigErrorName;
  readonly why: string;
}

const KEY_HINTS = [
  'Compare name, algorithm and secret of the key on both sides; the primary must be allowed to use it for this zone.',
];

const UNKNOWN_KEY: Refusal = { name: 'BADKEY', why: 'The primary has no key of this name and algorithm.' };

const REFUSALS: Readonly<Record<number, Refusal>> = {
  [TSIG_ERROR.BADSIG]: { name: 'BADSIG', why: 'The primary has a key of this name with another secret.' },
  [TSIG_ERROR.BADKEY]: UNKNOWN_KEY,
  [TSIG_ERROR.BADTRUNC]: { name: 'BADTRUNC', why: 'The primary wants a longer MAC: use the algorithm without "-128".' },
};

/**
 * Verifies the messages that answer one signed query, in order (RFC 8945 §5.3). Messages in between may be unsigned;
 * nothing of them may be used before `verify` has answered true for a later one.
 */
export class AnswerVerifier {
  readonly #key: WireKey;
  #digest: Hmac;
  #first = true;
  #unsigned = 0;

  constructor(key: WireKey, requestMac: Buffer) {
    this.#key = key;
    this.#digest = continueFrom(key, requestMac);
  }

  /**
   * Takes the next message.
   *
   * @param now seconds since the epoch.
   * @returns true when this message and all before it are verified, false while that waits for a signed one.
   * @throws TsigError
   */
  verify(bytes: Buffer, message: Message, now: number): boolean {
    const { tsig } = message;
    if (tsig === undefined) {
      this.#takeUnsigned(bytes);
      return false;
    }
    if (tsig.error !== 0 && tsig.error !== TSIG_ERROR.BADTIME) throw refusedBy(tsig, this.#key);
    if (tsig.error === TSIG_ERROR.BADTIME && tsig.mac.length === 0) throw clocksDiffer(tsig, now, 'unsigned');
    this.#checkKey(tsig);
    this.#checkMac(bytes, tsig);
    if (tsig.error === TSIG_ERROR.BADTIME) throw clocksDiffer(tsig, now, 'signed');
    if (Math.abs(now - tsig.time) > Math.min(tsig.fudge, FUDGE_SECONDS)) throw clocksDiffer(tsig, now, 'signed');
    this.#first = false;
    this.#unsigned = 0;
    this.#digest = continueFrom(this.#key, tsig.mac);
    return true;
  }

  #takeUnsigned(bytes: Buffer): void {
    if (this.#first) {
      throw new TsigError('UNSIGNED', `the answer to a query signed with ${this.#key.label} is not signed`, [
        'A primary that knows the key signs its answer: somebody else may have answered, or the primary has no such key.',
      ]);
    }
    this.#unsigned += 1;
    if (this.#unsigned > MAX_UNSIGNED) {
      throw new TsigError('UNSIGNED', `over ${MAX_UNSIGNED} messages in a row are not signed`, [
        'RFC 8945 §5.3.1 wants at least every hundredth message signed: look at the primary.',
      ]);
    }
    this.#digest.update(bytes);
  }

  #checkKey(tsig: TsigRecord): void {
    if (tsig.key === this.#key.name && tsig.algorithm === this.#key.algorithm) return;
    const signer = `${keyLabel(tsig.key)} (${keyLabel(tsig.algorithm)})`;
    throw new TsigError('BADKEY', `the answer is signed with ${signer}, not with ${this.#key.label}`, KEY_HINTS);
  }

  #checkMac(bytes: Buffer, tsig: TsigRecord): void {
    digestStripped(this.#digest, bytes, tsig);
    this.#digest.update(this.#first ? variables(this.#key, tsig) : timers(tsig));
    const expected = finish(this.#digest, this.#key);
    if (tsig.mac.length === expected.length && timingSafeEqual(tsig.mac, expected)) return;
    throw new TsigError('BADSIG', `the signature with ${this.#key.label} does not fit the answer`, [
      'The answer was altered on its way, or the primary signs with another secret.',
      ...KEY_HINTS,
    ]);
  }
}

function refusedBy(tsig: TsigRecord, key: WireKey): TsigError {
  const { name, why } = REFUSALS[tsig.error] ?? UNKNOWN_KEY;
  return new TsigError(name, `the primary answers ${name} (TSIG error ${tsig.error}) for key ${key.label}`, [
    why,
    ...KEY_HINTS,
    'The refusal itself is not signed.',
  ]);
}

function clocksDiffer(tsig: TsigRecord, now: number, signature: 'signed' | 'unsigned'): TsigError {
  const told = tsig.error === TSIG_ERROR.BADTIME && tsig.other.length === CLOCK_OCTETS;
  const theirs = told ? tsig.other.readUIntBE(0, CLOCK_OCTETS) : tsig.time;
  const difference = Math.abs(now - theirs);
  return new TsigError('BADTIME', `the clocks differ by ${difference} s, over ${FUDGE_SECONDS} s`, [
    `Clock here: ${clockText(now)}. Clock of the primary: ${clockText(theirs)} (${signature}).`,
    'Set the clock that is wrong (NTP).',
  ]);
}

/** Dates in ECMAScript end at 8.64e15 ms; TSIG's 48 bits go further. */
function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s after 1970` : date.toISOString().replace('.000Z', 'Z');
}
