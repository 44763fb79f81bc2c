import type { GetObjectOutput, GetObjectRequest, HeadObjectOutput, HeadObjectRequest } from '@aws-sdk/client-s3';
import { demand } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { octetsOf } from './body.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { shownChecksum } from './checksums.ts';
import { noSuchKey } from './errors.ts';
import { bucketArn, objectRow, objects } from './model.ts';
import type { StoredObject } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkRead } from './preconditions.ts';

/** How a call names an object. */
export interface ObjectReference extends BucketReference {
  readonly Key?: string | undefined;
}

/** Parts of objects, versions, keys of the customer, and headers that the request words anew. */
const NOT_EMBEDDED = [
  'PartNumber',
  'Range',
  'ResponseCacheControl',
  'ResponseContentDisposition',
  'ResponseContentEncoding',
  'ResponseContentLanguage',
  'ResponseContentType',
  'ResponseExpires',
  'SSECustomerKey',
  'VersionId',
];

/** Octets of one answer: those of a sparse object are made for it. */
const MAX_READ = 64 * 1024 * 1024;

/** The octets become the SDK's stream where the answer reaches a client (response-body.ts). */
export function getObject(
  input: GetObjectRequest,
  context: CallContext,
): Omit<GetObjectOutput, 'Body'> & { readonly Body: Uint8Array } {
  const found = readable(input, context);
  if (found.body.size > MAX_READ) throw notEmbedded(`GetObject of more than ${MAX_READ} octets`);
  return { ...shown(found, input), Body: octetsOf(found.body) };
}

export function headObject(input: HeadObjectRequest, context: CallContext): HeadObjectOutput {
  return shown(readable(input, context), input);
}

function readable(input: GetObjectRequest | HeadObjectRequest, context: CallContext): StoredObject {
  refuseFields(input, NOT_EMBEDDED);
  const found = objectFor(input, context);
  checkRead(found, input);
  return found;
}

/**
 * @throws NoSuchKey; AccessDenied instead where the caller may not list: "If you don't have the s3:ListBucket
 *   permission, Amazon S3 returns an HTTP status code 403".
 */
export function objectFor({ Key: key = '', ...reference }: ObjectReference, context: CallContext): StoredObject {
  const bucket = bucketFor(reference, context);
  const found = context.data.get(objects(bucket.name), objectRow(key));
  if (found !== undefined) return found;
  demand({ action: 's3:ListBucket', resources: [bucketArn(bucket.name)], conditions: {} }, context);
  throw noSuchKey(key);
}

function shown(found: StoredObject, { ChecksumMode }: GetObjectRequest | HeadObjectRequest): HeadObjectOutput {
  const tagCount = Object.keys(found.tags).length;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(found.modified),
    ContentLength: found.body.size,
    ETag: found.etag,
    ...found.headers,
    ServerSideEncryption: 'AES256',
    Metadata: { ...found.metadata },
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(ChecksumMode === 'ENABLED' && shownChecksum(found.checksum)),
  };
}
