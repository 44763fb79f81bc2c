import { createHash } from 'node:crypto';
import type { CopyObjectRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { etagOf } from './body.ts';
import type { Body } from './body.ts';
import { encryptionFor } from './encryption.ts';
import { s3Error } from './errors.ts';
import type { ObjectChange } from './events.ts';
import { checkRedirect } from './object-headers.ts';
import type { StoredBucket, StoredObject } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { demandOnObject } from './rights.ts';
import { checkStorageClass } from './storage-class.ts';
import { idOf } from './versions.ts';

/** What an object may have at S3 and not here, whichever call writes it. */
const NOT_EMBEDDED = [
  'AnnotationDirective',
  'ObjectLockEventHold',
  'ObjectLockEventHoldDurationDays',
  'ObjectLockEventHoldDurationYears',
  'ObjectLockLegalHoldStatus',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSEKMSEncryptionContext',
];
const GRANTS = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'] as const;

/** What every request that makes an object says of how it is kept, beside headers, metadata and tags. */
export type WriteRequest = Pick<
  CopyObjectRequest,
  | (typeof GRANTS)[number]
  | 'ACL'
  | 'Bucket'
  | 'BucketKeyEnabled'
  | 'Key'
  | 'SSEKMSKeyId'
  | 'ServerSideEncryption'
  | 'StorageClass'
  | 'WebsiteRedirectLocation'
>;

/** How an object is kept. */
export type Keeping = Pick<StoredObject, 'storageClass' | 'redirect' | 'kms'>;

/**
 * @throws NotEmbedded for what is not modelled; AccessControlListNotSupported: lists of grants are disabled, as in every
 *   new bucket, but for the one that says what is so anyway.
 */
export function checkWriteRequest(input: WriteRequest): void {
  refuseFields(input, NOT_EMBEDDED);
  const { ACL: acl = 'bucket-owner-full-control' } = input;
  if (acl !== 'bucket-owner-full-control' || GRANTS.some((field) => input[field])) {
    throw s3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
}

/** The caller needs the right to name an ACL ("s3:PutObjectAcl"), and that to use the key. */
export function keepingOf(input: WriteRequest, bucket: StoredBucket, context: CallContext): Keeping {
  const { ACL: acl, Key: key = '' } = input;
  const storageClass = checkStorageClass(input.StorageClass);
  const redirect = checkRedirect(input.WebsiteRedirectLocation);
  if (acl !== undefined) demandOnObject('PutObjectAcl', input, context, { 's3:x-amz-acl': acl });
  const kms = encryptionFor(input, bucket, key, context);
  return { ...(storageClass && { storageClass }), ...(redirect !== undefined && { redirect }), ...(kms && { kms }) };
}

/** Of an object that was not uploaded in parts: the MD5 of its octets, unless a key of KMS encrypts it (`Object`, ETag). */
export function wholeEtag(body: Body, { kms }: Keeping, { data }: CallContext): string {
  if (kms === undefined) return etagOf(body);
  return `"${createHash('md5')
    .update(`${kms.keyArn} ${data.next('s3/etags')}`)
    .digest('hex')}"`;
}

/** How an answer names the version that was written. */
export function shownVersion({ versioning }: StoredBucket, kept: StoredObject): { readonly VersionId?: string } {
  return versioning === undefined ? {} : { VersionId: idOf(kept) };
}

/** What is told of an object that was written. */
export function creation(name: ObjectChange['name'], { name: bucket }: StoredBucket, kept: StoredObject): ObjectChange {
  const { key, body, etag, versionId } = kept;
  return { name, bucket, key, size: body.size, etag, ...(versionId !== undefined && { versionId }) };
}
