import { constants, createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePair, encodePair } from './der.ts';
import { isSignatureOf, signDigest } from './ecdsa.ts';
import { traitsOf } from './key-specs.ts';
import type { StoredSpec } from './key-specs.ts';
import { isPkcs1SignatureOf, isPssSignatureOf, signPkcs1, signPss } from './rsa.ts';

const HASHES = ['sha256', 'sha384', 'sha512'] as const;

function makeKey(spec: StoredSpec): string {
  return traitsOf(spec).generate!();
}

function digestOf(message: Uint8Array, hash: string = 'sha256'): Uint8Array {
  return createHash(hash).update(message).digest();
}

describe('an ECDSA signature of a digest', () => {
  const key = makeKey('ECC_NIST_P256');
  const publicKey = createPublicKey(key);

  it('is one that Node verifies of the message, and Node’s is verified here', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        const digest = digestOf(message);
        expect(verify('sha256', message, publicKey, signDigest(key, digest))).toBe(true);
        expect(isSignatureOf(key, digest, sign('sha256', message, key))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is of one digest and one key, as Node says too', () => {
    const other = makeKey('ECC_NIST_P256');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (message) => {
        const signature = signDigest(key, digestOf(message));
        const altered = Uint8Array.from(message, (octet, index) => (index === 0 ? octet ^ 1 : octet));
        expect(isSignatureOf(key, digestOf(altered), signature)).toBe(false);
        expect(isSignatureOf(other, digestOf(message), signature)).toBe(false);
        expect(verify('sha256', message, createPublicKey(other), signature)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('is not one with any of its octets changed', () => {
    const digest = digestOf(new Uint8Array([1, 2, 3]));
    const signature = signDigest(key, digest);
    const isValid = Array.from(signature, (_, index) =>
      isSignatureOf(
        key,
        digest,
        Uint8Array.from(signature, (octet, at) => (at === index ? octet ^ 0x01 : octet)),
      ),
    );
    expect(isValid).not.toContain(true);
  });

  it.each([
    ['nothing', []],
    ['r of zero', [0x30, 6, 2, 1, 0, 2, 1, 1]],
    ['s of zero', [0x30, 6, 2, 1, 1, 2, 1, 0]],
    ['small numbers', [0x30, 6, 2, 1, 1, 2, 1, 1]],
  ])('is not %s', (_what, octets) => {
    expect(isSignatureOf(key, digestOf(new Uint8Array()), Uint8Array.from(octets))).toBe(false);
  });

  it('is never the same twice', () => {
    const digest = digestOf(new Uint8Array([7]));
    expect(signDigest(key, digest)).not.toEqual(signDigest(key, digest));
  });
});

describe('two integers in DER', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        (a, b) => {
          expect(decodePair(encodePair(a, b))).toEqual([a, b]);
        },
      ),
    );
  });

  it.each([
    ['a negative one', [0x30, 6, 2, 1, 0x80, 2, 1, 1]],
    ['a padded one', [0x30, 7, 2, 2, 0, 1, 2, 1, 1]],
    ['an empty one', [0x30, 5, 2, 0, 2, 1, 1]],
    ['one alone', [0x30, 3, 2, 1, 1]],
    ['three', [0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1]],
    ['another type', [0x30, 6, 4, 1, 1, 2, 1, 1]],
    ['no sequence', [0x31, 6, 2, 1, 1, 2, 1, 1]],
    ['something behind', [0x30, 6, 2, 1, 1, 2, 1, 1, 0]],
    ['an end too early', [0x30, 6, 2, 1, 1, 2, 2, 1]],
    ['a long length', [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]],
  ])('are not %s', (_what, octets) => {
    expect(decodePair(Uint8Array.from(octets))).toBeUndefined();
  });
});

describe('an RSA signature of a digest', () => {
  const key = makeKey('RSA_2048');
  const message = new Uint8Array([1, 2, 3]);
  const pss = { key: createPublicKey(key), padding: constants.RSA_PKCS1_PSS_PADDING };

  it.each(HASHES)('by PKCS #1 with %s is the one that Node makes', (hash) => {
    const digest = digestOf(message, hash);
    const signature = signPkcs1(key, hash, digest);

    expect(Buffer.from(signature)).toEqual(sign(hash, message, key));
    expect(isPkcs1SignatureOf(key, hash, digest, signature)).toBe(true);
    expect(isPkcs1SignatureOf(key, hash, digestOf(new Uint8Array(), hash), signature)).toBe(false);
  });

  it.each(HASHES)('by PSS with %s is one that Node verifies, and Node’s is verified here', (hash) => {
    const digest = digestOf(message, hash);
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    const own = signPss(key, hash, digest);
    const nodes = sign(hash, message, { ...pss, key: createPrivateKey(key), saltLength });

    expect(verify(hash, message, { ...pss, saltLength }, own)).toBe(true);
    expect(isPssSignatureOf(key, hash, digest, own)).toBe(true);
    expect(isPssSignatureOf(key, hash, digest, nodes)).toBe(true);
    expect(isPssSignatureOf(key, hash, digestOf(new Uint8Array(), hash), nodes)).toBe(false);
  });

  it.each([
    ['of another length', new Uint8Array(255).fill(1)],
    ['above the modulus', new Uint8Array(256).fill(0xff)],
    ['made up', new Uint8Array(256).fill(1)],
  ])('is none when it is %s', (_what, signature) => {
    const digest = digestOf(message);
    expect(isPkcs1SignatureOf(key, 'sha256', digest, signature)).toBe(false);
    expect(isPssSignatureOf(key, 'sha256', digest, signature)).toBe(false);
  });

  it('of one scheme is none of the other', () => {
    const digest = digestOf(message);
    expect(isPssSignatureOf(key, 'sha256', digest, signPkcs1(key, 'sha256', digest))).toBe(false);
    expect(isPkcs1SignatureOf(key, 'sha256', digest, signPss(key, 'sha256', digest))).toBe(false);
  });
});
