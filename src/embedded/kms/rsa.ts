import { constants, createHash, createPublicKey, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';
import type { Scheme } from './key-specs.ts';

/** RSA signatures of a digest that somebody else made (RFC 8017): Node signs messages only, and hashes them itself. */

type Hash = Scheme['hash'];

/** Octets of the modulus of RSA_2048. */
const MODULUS = 256;
const TRAILER = 0xbc;
const ZEROS = Buffer.alloc(8);

/** DER of DigestInfo up to the digest (RFC 8017, 9.2, note 1). */
const DIGEST_INFO: Readonly<Record<Hash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

export function signPkcs1(key: string, hash: Hash, digest: Uint8Array): Uint8Array {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest));
}

export function isPkcs1SignatureOf(key: string, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const message = recovered(key, signature, constants.RSA_PKCS1_PADDING);
  return message?.equals(digestInfo(hash, digest)) ?? false;
}

function digestInfo(hash: Hash, digest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO[hash], 'hex'), digest]);
}

/** EMSA-PSS (RFC 8017, 9.1.1); the salt is as long as the digest (KMS: "RSASSA-PSS"). */
export function signPss(key: string, hash: Hash, digest: Uint8Array): Uint8Array {
  const salt = randomBytes(digest.length);
  const seal = sealOf(hash, digest, salt);
  const mask = maskOf(hash, seal, MODULUS - seal.length - 1);
  const block = Buffer.concat([Buffer.alloc(mask.length - salt.length - 1), Buffer.of(1), salt]);
  const masked = xor(block, mask);
  masked[0] = (masked[0] ?? 0) & 0x7f;
  const encoded = Buffer.concat([masked, seal, Buffer.of(TRAILER)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

export function isPssSignatureOf(key: string, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const encoded = recovered(key, signature, constants.RSA_NO_PADDING);
  if (encoded?.at(-1) !== TRAILER) return false;
  const seal = encoded.subarray(-1 - digest.length, -1);
  const masked = encoded.subarray(0, -1 - digest.length);
  if ((masked[0] ?? 0) > 0x7f) return false;
  const block = xor(masked, maskOf(hash, seal, masked.length));
  block[0] = (block[0] ?? 0) & 0x7f;
  const end = block.length - digest.length;
  const isPadded = block.subarray(0, end - 1).every((octet) => octet === 0) && block[end - 1] === 1;
  return isPadded && sealOf(hash, digest, block.subarray(end)).equals(seal);
}

function sealOf(hash: Hash, digest: Uint8Array, salt: Uint8Array): Buffer {
  return createHash(hash).update(ZEROS).update(digest).update(salt).digest();
}

/** MGF1 (RFC 8017, B.2.1). */
function maskOf(hash: Hash, seed: Uint8Array, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; Buffer.concat(parts).length < length; counter += 1) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    parts.push(createHash(hash).update(seed).update(number).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((octet, index) => octet ^ (right[index] ?? 0)));
}

/** What was signed; undefined: the signature is not of this key at all. */
function recovered(privateKey: string, signature: Uint8Array, padding: number): Buffer | undefined {
  if (signature.length !== MODULUS) return undefined;
  try {
    return publicDecrypt({ key: createPublicKey(privateKey), padding }, signature);
  } catch {
    return undefined;
  }
}
