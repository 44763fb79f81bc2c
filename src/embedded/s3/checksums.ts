import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PutObjectRequest, UploadPartRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import { digested, md5 } from './body.ts';
import type { Body } from './body.ts';
import { crc32c, crc64nvme } from './crc.ts';
import { s3Error } from './errors.ts';

/** A checksum of an object, in base64 (User Guide, "Checking object integrity"). */
export interface Checksum {
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly value: string;
  /** Default: of the whole object; `COMPOSITE`: of the checksums of its parts. */
  readonly type?: 'COMPOSITE';
}

/** As S3's answers show it. */
export interface ShownChecksum {
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumCRC64NVME?: string;
  readonly ChecksumMD5?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
  readonly ChecksumSHA512?: string;
  readonly ChecksumType: 'COMPOSITE' | 'FULL_OBJECT';
}

/** XXHash is left out: neither Node nor a library here computes it. */
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256', 'SHA512'] as const;

/**
 * The checksum that is kept with an object: that of the algorithm which the request names, as the SDK always does.
 *
 * @throws BadDigest where the request says another checksum or MD5, NotEmbedded for other algorithms.
 */
export function checkedSum(input: PutObjectRequest | UploadPartRequest, body: Body): Checksum {
  const sent = Buffer.from(md5(body), 'hex').toString('base64');
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== sent) {
    throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
      ExpectedDigest: input.ContentMD5,
      CalculatedDigest: sent,
    });
  }
  const given = ALGORITHMS.find((one) => input[`Checksum${one}`] !== undefined);
  const algorithm = given ?? algorithmOf(input.ChecksumAlgorithm ?? 'CRC32');
  const checksum = checksumOf(algorithm, body);
  const said = input[`Checksum${algorithm}`];
  if (said !== undefined && said !== checksum.value) {
    throw s3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return checksum;
}

/** @throws NotEmbedded for one that nothing here computes. */
export function algorithmOf(name: string): Checksum['algorithm'] {
  const algorithm = ALGORITHMS.find((one) => one === name);
  if (algorithm === undefined) throw notEmbedded(`${name} checksums`);
  return algorithm;
}

export function shownChecksum(checksum: Checksum): ShownChecksum {
  return { ...shownSum(checksum), ChecksumType: checksum.type ?? 'FULL_OBJECT' };
}

/** Without its type, as of a part. */
export function shownSum({ algorithm, value }: Checksum): Omit<ShownChecksum, 'ChecksumType'> {
  return { [`Checksum${algorithm}`]: value };
}

/** Of a body with sparse segments it is that of its description (`digested`). */
export function checksumOf(algorithm: Checksum['algorithm'], body: Body): Checksum {
  return { algorithm, value: sum(algorithm, digested(body)) };
}

/** The checksum of the parts' checksums, and how many there are. */
export function compositeOf(algorithm: Checksum['algorithm'], parts: readonly Checksum[]): Checksum {
  const octets = Buffer.concat(parts.map(({ value }) => Buffer.from(value, 'base64')));
  return { algorithm, value: `${sum(algorithm, octets)}-${parts.length}`, type: 'COMPOSITE' };
}

function sum(algorithm: Checksum['algorithm'], octets: Uint8Array): string {
  switch (algorithm) {
    case 'CRC32': {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc32(octets));
      return value.toString('base64');
    }
    case 'CRC32C':
      return crc32c(octets).toString('base64');
    case 'CRC64NVME':
      return crc64nvme(octets).toString('base64');
    default:
      return createHash(algorithm).update(octets).digest('base64');
  }
}
