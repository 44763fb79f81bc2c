import type { CopyObjectRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { bucketAnywhere } from './buckets.ts';
import { decryptable } from './encryption.ts';
import {
  invalidArgument,
  invalidRequest,
  needsCustomerKey,
  noSuchVersion,
  preconditionFailed,
  s3Error,
} from './errors.ts';
import { neededObject } from './find-object.ts';
import type { ObjectReference } from './find-object.ts';
import type { StoredBucket, StoredObject } from './model.ts';
import { checkRead } from './preconditions.ts';
import { demandOnObject } from './rights.ts';
import { isArchived } from './storage-class.ts';
import { checkVersionId, findVersion } from './versions.ts';

/** How CopyObject and UploadPartCopy name what they copy. */
export type CopySourceRequest = Pick<
  CopyObjectRequest,
  | 'CopySource'
  | 'CopySourceIfMatch'
  | 'CopySourceIfModifiedSince'
  | 'CopySourceIfNoneMatch'
  | 'CopySourceIfUnmodifiedSince'
  | 'CopySourceSSECustomerKey'
  | 'ExpectedSourceBucketOwner'
>;

export interface CopySource {
  readonly bucket: StoredBucket;
  readonly object: StoredObject;
  /** As rights are asked about it. */
  readonly reference: ObjectReference;
}

/**
 * What a copy is made of, in whatever region. The caller needs the right to get it, and to decrypt it.
 *
 * @throws NoSuchBucket, NoSuchKey, NoSuchVersion; InvalidRequest for a delete marker by its id; AccessDenied;
 *   PreconditionFailed; ObjectNotInActiveTierError for one that is archived.
 */
export function copySourceOf(input: CopySourceRequest, context: CallContext): CopySource {
  if (input.CopySourceSSECustomerKey !== undefined) throw notEmbedded('S3 requests with CopySourceSSECustomerKey');
  const named = parseCopySource(input.CopySource);
  const reference = { ...named, ExpectedBucketOwner: input.ExpectedSourceBucketOwner };
  const bucket = bucketAnywhere(reference, context);
  demandOnObject('GetObject', reference, context);
  const object = sourceObject(bucket, named, context);
  if (object.customerKey) throw needsCustomerKey();
  checkConditions(object, input);
  if (isArchived(object.storageClass)) {
    throw s3Error(
      'ObjectNotInActiveTierError',
      'The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.',
      403,
    );
  }
  decryptable(object, bucket, context);
  return { bucket, object, reference };
}

/**
 * `bucket/key` or `/bucket/key`, URL-encoded, and `?versionId=` behind it. A plus sign is a blank, as in forms: keys that
 * have one are found only where it is written `%2B` (aws-sdk-php issue 236, aws-sdk-rust issue 1357).
 */
function parseCopySource(source: string = ''): Required<Pick<ObjectReference, 'Bucket' | 'Key' | 'VersionId'>> {
  const [path = '', query] = source.split(/\?(?=versionId=[^?]*$)/);
  const decoded = decode(path.replaceAll('+', ' '), source).replace(/^\//, '');
  if (decoded.startsWith('arn:')) throw notEmbedded('access points as sources of copies');
  const slash = decoded.indexOf('/');
  const key = decoded.slice(slash + 1);
  if (slash < 1 || key === '') throw badSource(source);
  return {
    Bucket: decoded.slice(0, slash),
    Key: key,
    VersionId: query === undefined ? undefined : decode(query.slice('versionId='.length), source),
  };
}

function decode(text: string, source: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badSource(source);
  }
}

function badSource(source: string): Error {
  return invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    source,
  );
}

function sourceObject(
  bucket: StoredBucket,
  { Key: key = '', VersionId: id }: ObjectReference,
  context: CallContext,
): StoredObject {
  if (id === undefined) return neededObject(bucket, key, context);
  checkVersionId(id);
  const version = findVersion(bucket.name, key, id, context.data);
  if (version === undefined) throw noSuchVersion(key, id);
  if ('object' in version) return version.object;
  throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
}

/** As of a read, but that what was not modified is a condition that failed, too. */
function checkConditions(object: StoredObject, input: CopySourceRequest): void {
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  try {
    checkRead(object, conditions);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotModified') throw error;
    const isByEtag = input.CopySourceIfNoneMatch !== undefined;
    throw preconditionFailed(`x-amz-copy-source-If-${isByEtag ? 'None-Match' : 'Modified-Since'}`);
  }
}
