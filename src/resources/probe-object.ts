import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../aws/errors.ts';
import type { ObjectPlace } from './stored-object.ts';

/** Puts a small object of so many octets. */
export async function putProbe(client: S3Client, { bucket, key, account }: ObjectPlace, size: number): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ExpectedBucketOwner: account,
      Body: Buffer.alloc(size, '.'),
      ContentType: 'text/plain',
      Metadata: { 'trueup-probe': 'may be deleted' },
    }),
  );
}

export async function isThere(client: S3Client, { bucket, key, account }: ObjectPlace): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: account }));
    return true;
  } catch (error) {
    if (isAwsError(error, 'NotFound') || isAwsError(error, 'NoSuchKey')) return false;
    throw error;
  }
}

/**
 * Deletes every version of a key and its delete markers, so that nothing is left of it: a put that was sent twice has made
 * two. What comes after the listing stays.
 *
 * @returns how many there were
 */
export async function removeAllVersions(client: S3Client, { bucket, key, account }: ObjectPlace): Promise<number> {
  const where = { Bucket: bucket, ExpectedBucketOwner: account };
  // No key of ours begins with another one.
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ ...where, Prefix: key, EncodingType: 'url' }),
  );
  const all = [...Versions, ...DeleteMarkers];
  for (const { VersionId } of all) {
    await client.send(new DeleteObjectCommand({ ...where, Key: key, VersionId }));
  }
  return all.length;
}
