import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { conditionalKeys, createKeys, listKeys, onBucket, onObject, taggingKeys } from './access.ts';
import {
  deleteBucketTagging,
  deletePublicAccessBlock,
  getBucketEncryption,
  getBucketTagging,
  getPublicAccessBlock,
  putBucketEncryption,
  putBucketTagging,
  putPublicAccessBlock,
} from './bucket-settings.ts';
import { deleteBucket, getBucketLocation, headBucket } from './buckets.ts';
import { createBucket } from './create-bucket.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { asSeen, slowDown } from './errors.ts';
import { getObject, headObject } from './get-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjectsV2 } from './list-objects.ts';
import { getNotifications, putNotifications } from './notifications.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tags.ts';
import { putObject } from './put-object.ts';
import { taggedBuckets } from './tagged-buckets.ts';
import { trailInput } from './trail.ts';

const OPERATIONS: Service['operations'] = {
  CreateBucket: write(createBucket, onBucket('CreateBucket', createKeys)),
  DeleteBucket: write(deleteBucket, onBucket('DeleteBucket')),
  DeleteBucketTagging: write(deleteBucketTagging, onBucket('PutBucketTagging')),
  DeleteObject: write(deleteObject, onObject('DeleteObject', conditionalKeys)),
  DeleteObjectTagging: write(deleteObjectTagging, onObject('DeleteObjectTagging')),
  // Asked for each object: one that may not be deleted does not stop the others.
  DeleteObjects: write(deleteObjects, { open: true }),
  DeletePublicAccessBlock: write(deletePublicAccessBlock, onBucket('PutBucketPublicAccessBlock')),
  GetBucketEncryption: read(getBucketEncryption, onBucket('GetEncryptionConfiguration')),
  GetBucketLocation: read(getBucketLocation, onBucket('GetBucketLocation')),
  GetBucketTagging: read(getBucketTagging, onBucket('GetBucketTagging')),
  GetBucketNotificationConfiguration: read(getNotifications, onBucket('GetBucketNotification')),
  GetObject: read(getObject, onObject('GetObject')),
  GetObjectTagging: read(getObjectTagging, onObject('GetObjectTagging')),
  GetPublicAccessBlock: read(getPublicAccessBlock, onBucket('GetBucketPublicAccessBlock')),
  HeadBucket: read(headBucket, onBucket('ListBucket')),
  HeadObject: read(headObject, onObject('GetObject')),
  ListBuckets: read(listBuckets, { action: 's3:ListAllMyBuckets' }),
  ListObjectsV2: read(listObjectsV2, onBucket('ListBucket', listKeys)),
  PutBucketEncryption: write(putBucketEncryption, onBucket('PutEncryptionConfiguration')),
  PutBucketNotificationConfiguration: write(putNotifications, onBucket('PutBucketNotification')),
  PutBucketTagging: write(putBucketTagging, onBucket('PutBucketTagging')),
  PutObject: write(putObject, onObject('PutObject', conditionalKeys)),
  PutObjectTagging: write(putObjectTagging, onObject('PutObjectTagging', taggingKeys)),
  PutPublicAccessBlock: write(putPublicAccessBlock, onBucket('PutBucketPublicAccessBlock')),
};

/** Buckets and whole objects, as S3's API reference and user guide describe them; strongly consistent. */
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
