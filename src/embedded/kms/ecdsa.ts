import { createECDH, createPrivateKey } from 'node:crypto';
import { decodePair, encodePair } from './der.ts';

/**
 * ECDSA on P-256 of a digest that somebody else made (FIPS 186-5, 6.4). Node signs messages only, and hashes them
 * itself; its ECDH multiplies the base point, which is all that is needed besides, since the private key is at hand.
 */

const CURVE = 'prime256v1';
/** The order of the base point (SP 800-186, 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const OCTETS = 32;

/** @param digest 32 octets. @returns the signature in DER (ECDSA-Sig-Value of RFC 3279) */
export function signDigest(privateKey: string, digest: Uint8Array): Uint8Array {
  const secret = secretOf(privateKey);
  for (;;) {
    const once = createECDH(CURVE);
    const point = once.generateKeys();
    const r = abscissa(point) % ORDER;
    const s = modulo(inverse(toInteger(once.getPrivateKey())) * (toInteger(digest) + r * secret));
    if (r !== 0n && s !== 0n) return encodePair(r, s);
  }
}

/** Is it the signature in DER of the digest? */
export function isSignatureOf(privateKey: string, digest: Uint8Array, signature: Uint8Array): boolean {
  const pair = decodePair(signature);
  if (pair === undefined) return false;
  const [r, s] = pair;
  if (r < 1n || r >= ORDER || s < 1n || s >= ORDER) return false;
  const w = inverse(s);
  // u1·G + u2·Q, where Q is the private key times G.
  const factor = modulo(toInteger(digest) * w + modulo(r * w) * secretOf(privateKey));
  if (factor === 0n) return false;
  const multiple = createECDH(CURVE);
  multiple.setPrivateKey(Buffer.from(factor.toString(16).padStart(OCTETS * 2, '0'), 'hex'));
  return abscissa(multiple.getPublicKey()) % ORDER === r;
}

function secretOf(privateKey: string): bigint {
  const { d = '' } = createPrivateKey(privateKey).export({ format: 'jwk' });
  return toInteger(Buffer.from(d, 'base64url'));
}

/** Of an uncompressed point: a format octet, x and y. */
function abscissa(point: Uint8Array): bigint {
  return toInteger(point.subarray(1, 1 + OCTETS));
}

function toInteger(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

function modulo(value: bigint): bigint {
  return ((value % ORDER) + ORDER) % ORDER;
}

/** By the extended Euclidean algorithm; the order is a prime, and `value` no multiple of it. */
function inverse(value: bigint): bigint {
  let [before, rest] = [ORDER, value];
  let [previous, factor] = [0n, 1n];
  while (rest !== 0n) {
    const quotient = before / rest;
    [before, rest] = [rest, before - quotient * rest];
    [previous, factor] = [factor, previous - quotient * factor];
  }
  return modulo(previous);
}
