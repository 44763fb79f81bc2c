import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import { decodeEventKey } from '../fan-out/object-key.ts';
import type { BucketQuestion } from './bucket-view.ts';

/** One object that is put for a trial, or its copy, and nobody's but ours. */
export interface ProbeObject {
  readonly bucket: string;
  readonly key: string;
  /** So many octets. */
  put(size: number): Promise<void>;
  isThere(): Promise<boolean>;
  /**
   * Deletes every version of the key and its delete markers, so that nothing is left of it: a put that was sent twice has
   * made two. What comes after the listing stays.
   */
  removeAll(): Promise<void>;
}

export async function probeObject(
  aws: Aws,
  { bucket, owner, from }: BucketQuestion,
  key: string,
): Promise<ProbeObject> {
  const client = await aws.client(S3Client, from);
  const where = { Bucket: bucket, ExpectedBucketOwner: owner };
  return {
    bucket,
    key,
    async put(size) {
      await client.send(
        new PutObjectCommand({
          ...where,
          Key: key,
          Body: Buffer.alloc(size, '.'),
          ContentType: 'text/plain',
          Metadata: { 'trueup-probe': 'may be deleted' },
        }),
      );
    },
    async isThere() {
      try {
        await client.send(new HeadObjectCommand({ ...where, Key: key }));
        return true;
      } catch (error) {
        if (isAwsError(error, 'NotFound') || isAwsError(error, 'NoSuchKey')) return false;
        throw error;
      }
    },
    async removeAll() {
      // Keys that only begin so are others'.
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ ...where, Prefix: key, EncodingType: 'url' }),
      );
      for (const { Key = '', VersionId } of [...Versions, ...DeleteMarkers]) {
        if (decodeEventKey(Key) === key) await client.send(new DeleteObjectCommand({ ...where, Key: key, VersionId }));
      }
    },
  };
}
