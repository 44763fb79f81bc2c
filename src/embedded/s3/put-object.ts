import { createHash } from 'node:crypto';
import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import { demand } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { requestObjectTagKeys } from './access.ts';
import { bucketFor } from './buckets.ts';
import { checkedSum, shownChecksum } from './checksums.ts';
import { s3Error } from './errors.ts';
import { announce } from './events.ts';
import { objectArn, objectRow, objects } from './model.ts';
import type { ObjectHeaders } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkWrite } from './preconditions.ts';
import { tagsInHeader } from './tag-sets.ts';

/** What an object may have at S3 and not here. */
const NOT_EMBEDDED = [
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumMD5',
  'ChecksumSHA512',
  'ChecksumXXHASH128',
  'ChecksumXXHASH3',
  'ChecksumXXHASH64',
  'Expires',
  'ObjectLockEventHold',
  'ObjectLockEventHoldDurationDays',
  'ObjectLockEventHoldDurationYears',
  'ObjectLockLegalHoldStatus',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSEKMSEncryptionContext',
  'SSEKMSKeyId',
  'WebsiteRedirectLocation',
  'WriteOffsetBytes',
];
const GRANTS = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'] as const;

/** Octets. The account file holds bodies as base64, and a write rewrites the row: this is a stand-in, not a store. */
const MAX_BODY = 8 * 1024 * 1024;
/** Octets of UTF-8 (User Guide, "Naming Amazon S3 objects"). */
const MAX_KEY = 1024;
/** Octets of names and values together (User Guide, "User-defined object metadata"). */
const MAX_METADATA = 2048;
/** What S3 answers for an object that was put without one. */
const DEFAULT_TYPE = 'application/octet-stream';

export function putObject(input: PutObjectRequest, context: CallContext): PutObjectOutput {
  checkSupported(input);
  const bucket = bucketFor(input, context);
  const key = checkKey(input.Key);
  const octets = octetsOf(input.Body);
  if (octets.length > MAX_BODY) throw notEmbedded(`S3 objects of more than ${MAX_BODY} octets`);
  const checksum = checkedSum(input, octets);
  const metadata = checkMetadata(input.Metadata);
  const tags = tagsInHeader(input.Tagging);
  demandMore(input, context);
  const stored = objects(bucket.name);
  checkWrite(key, context.data.get(stored, objectRow(key)), input);
  const etag = `"${createHash('md5').update(octets).digest('hex')}"`;
  context.data.put(stored, objectRow(key), {
    key,
    body: Buffer.from(octets).toString('base64'),
    size: octets.length,
    etag,
    modified: Math.floor(context.now / 1000) * 1000,
    headers: headersOf(input),
    metadata,
    checksum,
    tags,
  });
  announce({ name: 'ObjectCreated:Put', bucket: bucket.name, key, size: octets.length, etag }, context);
  return { ETag: etag, ServerSideEncryption: 'AES256', ...shownChecksum(checksum) };
}

/** Rights beside PutObject: to tag, and to read where the ETag is compared ("you must have … s3:GetObject"). */
function demandMore({ Bucket, Key, Tagging, IfMatch }: PutObjectRequest, context: CallContext): void {
  const resources = [objectArn(Bucket, Key)];
  const conditions = requestObjectTagKeys(tagsInHeader(Tagging));
  if (Tagging !== undefined) demand({ action: 's3:PutObjectTagging', resources, conditions }, context);
  if (IfMatch !== undefined) demand({ action: 's3:GetObject', resources, conditions: {} }, context);
}

/** Lists of grants are disabled, as in every new bucket; of keys and classes there is the default alone. */
function checkSupported(input: PutObjectRequest): void {
  refuseFields(input, NOT_EMBEDDED);
  const { ACL, ServerSideEncryption: encryption = 'AES256', StorageClass: storage = 'STANDARD' } = input;
  if ((ACL ?? 'bucket-owner-full-control') !== 'bucket-owner-full-control' || GRANTS.some((field) => input[field])) {
    throw s3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  if (encryption !== 'AES256') throw notEmbedded(`encryption of objects by ${encryption}`);
  if (storage !== 'STANDARD') throw notEmbedded(`objects of the storage class ${storage}`);
}

function checkKey(key: string = ''): string {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY) return key;
  throw s3Error('KeyTooLongError', 'Your key is too long', 400, {
    Size: String(size),
    MaxSizeAllowed: String(MAX_KEY),
  });
}

function checkMetadata(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size <= MAX_METADATA) return Object.fromEntries(entries);
  throw s3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
    Size: String(size),
    MaxSizeAllowed: String(MAX_METADATA),
  });
}

function headersOf(input: PutObjectRequest): ObjectHeaders {
  return {
    ...(input.CacheControl !== undefined && { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition !== undefined && { ContentDisposition: input.ContentDisposition }),
    ...(input.ContentEncoding !== undefined && { ContentEncoding: input.ContentEncoding }),
    ...(input.ContentLanguage !== undefined && { ContentLanguage: input.ContentLanguage }),
    ContentType: input.ContentType ?? DEFAULT_TYPE,
  };
}

/** Streams were read before (request-body.ts). */
function octetsOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : '');
}
