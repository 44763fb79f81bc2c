import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { conditionalKeys, listKeys, onBucket, onObject, taggingKeys, toCreateBucket, writeKeys } from './access.ts';
import { getBucketEncryption, putBucketEncryption } from './bucket-encryption.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.ts';
import {
  deleteBucketTagging,
  deletePublicAccessBlock,
  getBucketTagging,
  getPublicAccessBlock,
  putBucketTagging,
  putPublicAccessBlock,
} from './bucket-settings.ts';
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts';
import { deleteBucket, getBucketLocation, headBucket } from './buckets.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { asSeen, slowDown } from './errors.ts';
import { getObject, headObject } from './get-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjectsV2 } from './list-objects.ts';
import { listObjectVersions } from './list-versions.ts';
import { abortMultipartUpload } from './multipart/abort-upload.ts';
import { completeMultipartUpload } from './multipart/complete-upload.ts';
import { createMultipartUpload } from './multipart/create-upload.ts';
import { listMultipartUploads, listParts } from './multipart/lists.ts';
import { uploadPart, uploadPartCopy } from './multipart/upload-part.ts';
import { getNotifications, putNotifications } from './notifications.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tags.ts';
import { putObject } from './put-object.ts';
import { taggedBuckets } from './tagged-buckets.ts';
import { trailInput } from './trail.ts';

const OPERATIONS: Service['operations'] = {
  AbortMultipartUpload: write(abortMultipartUpload, onObject('AbortMultipartUpload')),
  CompleteMultipartUpload: write(completeMultipartUpload, onObject('PutObject', writeKeys)),
  CopyObject: write(copyObject, onObject('PutObject', writeKeys)),
  CreateBucket: write(createBucket, toCreateBucket),
  CreateMultipartUpload: write(createMultipartUpload, onObject('PutObject', writeKeys)),
  DeleteBucket: write(deleteBucket, onBucket('DeleteBucket')),
  DeleteBucketPolicy: write(deleteBucketPolicy, onBucket('DeleteBucketPolicy')),
  DeleteBucketTagging: write(deleteBucketTagging, onBucket('PutBucketTagging')),
  DeleteObject: write(deleteObject, onObject('DeleteObject', conditionalKeys)),
  DeleteObjectTagging: write(deleteObjectTagging, onObject('DeleteObjectTagging')),
  // Asked for each object: one that may not be deleted does not stop the others.
  DeleteObjects: write(deleteObjects, { open: true }),
  DeletePublicAccessBlock: write(deletePublicAccessBlock, onBucket('PutBucketPublicAccessBlock')),
  GetBucketEncryption: read(getBucketEncryption, onBucket('GetEncryptionConfiguration')),
  GetBucketLocation: read(getBucketLocation, onBucket('GetBucketLocation')),
  GetBucketNotificationConfiguration: read(getNotifications, onBucket('GetBucketNotification')),
  GetBucketPolicy: read(getBucketPolicy, onBucket('GetBucketPolicy')),
  GetBucketTagging: read(getBucketTagging, onBucket('GetBucketTagging')),
  GetBucketVersioning: read(getBucketVersioning, onBucket('GetBucketVersioning')),
  GetObject: read(getObject, onObject('GetObject')),
  GetObjectTagging: read(getObjectTagging, onObject('GetObjectTagging')),
  GetPublicAccessBlock: read(getPublicAccessBlock, onBucket('GetBucketPublicAccessBlock')),
  HeadBucket: read(headBucket, onBucket('ListBucket')),
  HeadObject: read(headObject, onObject('GetObject')),
  ListBuckets: read(listBuckets, { action: 's3:ListAllMyBuckets' }),
  ListMultipartUploads: read(listMultipartUploads, onBucket('ListBucketMultipartUploads')),
  ListObjectVersions: read(listObjectVersions, onBucket('ListBucketVersions', listKeys)),
  ListObjectsV2: read(listObjectsV2, onBucket('ListBucket', listKeys)),
  ListParts: read(listParts, onObject('ListMultipartUploadParts')),
  PutBucketEncryption: write(putBucketEncryption, onBucket('PutEncryptionConfiguration')),
  PutBucketNotificationConfiguration: write(putNotifications, onBucket('PutBucketNotification')),
  PutBucketPolicy: write(putBucketPolicy, onBucket('PutBucketPolicy')),
  PutBucketTagging: write(putBucketTagging, onBucket('PutBucketTagging')),
  PutBucketVersioning: write(putBucketVersioning, onBucket('PutBucketVersioning')),
  PutObject: write(putObject, onObject('PutObject', writeKeys)),
  PutObjectTagging: write(putObjectTagging, onObject('PutObjectTagging', taggingKeys)),
  PutPublicAccessBlock: write(putPublicAccessBlock, onBucket('PutBucketPublicAccessBlock')),
  UploadPart: write(uploadPart, onObject('PutObject')),
  UploadPartCopy: write(uploadPartCopy, onObject('PutObject', writeKeys)),
};

/** Buckets, objects and their versions, as S3's API reference and user guide describe them; strongly consistent. */
export const s3: Service = {
  eventSource: 's3.amazonaws.com',
  actionPrefix: 's3',
  deniedName: 'AccessDenied',
  secretFields: [],
  throttled: slowDown,
  asSeen,
  tagged: taggedBuckets,
  // The trail has a request's fields by CloudTrail's names, and only those that it shows.
  operations: Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operation]) => [name, { ...operation, recorded: trailInput }]),
  ),
};
