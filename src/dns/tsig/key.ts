import { createHmac, type Hmac } from 'node:crypto';

import { foldName, formatName, parseName } from '../name.ts';
import type { WireName } from '../types.ts';
import { TsigError } from './error.ts';
import type { TsigKey } from './tsig-key.ts';

/** RFC 8945 §6: its use is "MUST NOT"; there are primaries that know no other. Only where the key allows it. */
const MD5 = 'hmac-md5';

/**
 * Algorithms of RFC 8945 §6. `hmac-sha256-128` is what BIND makes of that name: hmac-sha256 on the wire, its
 * MAC cut to 128 bits (§5.2.2.1).
 */
const ALGORITHMS = {
  [MD5]: { wire: 'hmac-md5.sig-alg.reg.int', hash: 'md5', macOctets: 16 },
  'hmac-sha1': { wire: 'hmac-sha1', hash: 'sha1', macOctets: 20 },
  'hmac-sha224': { wire: 'hmac-sha224', hash: 'sha224', macOctets: 28 },
  'hmac-sha256': { wire: 'hmac-sha256', hash: 'sha256', macOctets: 32 },
  'hmac-sha256-128': { wire: 'hmac-sha256', hash: 'sha256', macOctets: 16 },
  'hmac-sha384': { wire: 'hmac-sha384', hash: 'sha384', macOctets: 48 },
  'hmac-sha512': { wire: 'hmac-sha512', hash: 'sha512', macOctets: 64 },
} as const;

export type TsigAlgorithm = keyof typeof ALGORITHMS;

/** A key ready for use. */
export interface WireKey {
  /** Folded: the canonical form that is signed (RFC 8945 §4.3.3). */
  readonly name: WireName;
  readonly algorithm: WireName;
  /** As servers' configurations write it, without the final dot: for messages. */
  readonly label: string;
  /** Octets of a MAC: neither more nor fewer are accepted. */
  readonly macOctets: number;
  hmac(): Hmac;
}

/**
 * Prepares a key.
 *
 * @throws DnsSyntaxError for a bad name, TsigError `BADKEY` for an unknown algorithm, MD5 that is not allowed, or an empty secret.
 */
export function openKey(key: TsigKey): WireKey {
  const name = foldName(parseName(key.name, 'decimal'));
  const label = keyLabel(name);
  if (!isAlgorithm(key.algorithm)) {
    throw new TsigError('BADKEY', `TSIG key ${label} names an unknown algorithm`, [
      `Use one of ${Object.keys(ALGORITHMS)
        .filter((known) => known !== MD5)
        .join(', ')}.`,
    ]);
  }
  if (key.algorithm === MD5 && key.allowMd5 !== true) {
    throw new TsigError('BADKEY', `TSIG key ${label} uses ${MD5}, which is not allowed unless it is asked for`, [
      'Give the key another algorithm on both sides, such as hmac-sha256.',
      'Where the primary knows no other: --tsig-allow-md5 (`allowMd5` of the library).',
    ]);
  }
  if (key.secret.length === 0) {
    throw new TsigError('BADKEY', `TSIG key ${label} has an empty secret`, ['Look at where the secret is read from.']);
  }
  const { wire, hash, macOctets } = ALGORITHMS[key.algorithm];
  return {
    name,
    algorithm: parseName(wire, 'decimal'),
    label,
    macOctets,
    hmac: () => createHmac(hash, key.secret),
  };
}

/** A key's name or an algorithm's, without the final dot. */
export function keyLabel(name: WireName): string {
  return formatName(name, 'decimal').replace(/(?<=.)\.$/u, '');
}

function isAlgorithm(text: string): text is TsigAlgorithm {
  return Object.hasOwn(ALGORITHMS, text);
}
