import type { GetObjectOutput, GetObjectRequest, HeadObjectOutput, HeadObjectRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { octetsOf, slice } from './body.ts';
import { shownChecksum } from './checksums.ts';
import { decryptable, shownEncryption } from './encryption.ts';
import { needsCustomerKey, s3Error } from './errors.ts';
import { objectFor } from './find-object.ts';
import type { StoredBucket, StoredObject } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkRead } from './preconditions.ts';
import { rangeOf } from './range.ts';
import type { Range } from './range.ts';
import { isArchived } from './storage-class.ts';
import { idOf } from './versions.ts';

/** Parts of objects, keys of the customer, and headers that the request words anew. */
const NOT_EMBEDDED = [
  'PartNumber',
  'ResponseCacheControl',
  'ResponseContentDisposition',
  'ResponseContentEncoding',
  'ResponseContentLanguage',
  'ResponseContentType',
  'ResponseExpires',
  'SSECustomerKey',
];

/** Octets of one answer: those of a sparse object are made for it. */
const MAX_READ = 64 * 1024 * 1024;

/** The octets become the SDK's stream where the answer reaches a client (response-body.ts). */
export function getObject(
  input: GetObjectRequest,
  context: CallContext,
): Omit<GetObjectOutput, 'Body'> & { readonly Body: Uint8Array } {
  const { bucket, object, range } = readable(input, context);
  if (isArchived(object.storageClass)) {
    throw s3Error('InvalidObjectState', "The operation is not valid for the object's storage class", 403, {
      StorageClass: object.storageClass ?? '',
    });
  }
  decryptable(object, bucket, context);
  const body = range ? slice(object.body, range.from, range.end) : object.body;
  if (body.size > MAX_READ) throw notEmbedded(`GetObject of more than ${MAX_READ} octets`);
  return { ...shown(bucket, object, range, input), Body: octetsOf(body) };
}

/** Of an encrypted object the checksum needs the right to decrypt (HeadObject, ChecksumMode). */
export function headObject(input: HeadObjectRequest, context: CallContext): HeadObjectOutput {
  const { bucket, object, range } = readable(input, context);
  if (input.ChecksumMode === 'ENABLED') decryptable(object, bucket, context);
  return shown(bucket, object, range, input);
}

function readable(input: GetObjectRequest | HeadObjectRequest, context: CallContext) {
  refuseFields(input, NOT_EMBEDDED);
  const found = objectFor(input, context);
  if (found.object.customerKey) throw needsCustomerKey();
  checkRead(found.object, input);
  return { ...found, range: rangeOf(input.Range, found.object.body.size) };
}

/** A checksum is that of the whole object: of a range there is none. */
function shown(
  { versioning }: StoredBucket,
  object: StoredObject,
  range: Range | undefined,
  { ChecksumMode }: GetObjectRequest | HeadObjectRequest,
): HeadObjectOutput {
  const tagCount = Object.keys(object.tags).length;
  const { size } = object.body;
  const { ExpiresString: expires } = object.headers;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.modified),
    ContentLength: range ? range.end - range.from : size,
    ...(range && { ContentRange: `bytes ${range.from}-${range.end - 1}/${size}` }),
    ETag: object.etag,
    ...object.headers,
    ...(expires !== undefined && { Expires: new Date(expires) }),
    ...shownEncryption(object),
    Metadata: { ...object.metadata },
    ...(versioning !== undefined && { VersionId: idOf(object) }),
    ...(object.storageClass !== undefined && { StorageClass: object.storageClass }),
    ...(object.redirect !== undefined && { WebsiteRedirectLocation: object.redirect }),
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(ChecksumMode === 'ENABLED' && range === undefined && shownChecksum(object.checksum)),
  };
}
