import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/errors.ts';
import type { SourceObject } from '../../fan-out/buckets.ts';
import { isPlainEtag } from '../../fan-out/loop-marker.ts';

/** A bucket, with the account that must own it. */
export interface OwnedBucketName {
  readonly bucket: string;
  readonly account: string;
}

/** An object with all that HeadObject tells of it. */
export interface FoundObject extends SourceObject {
  readonly answer: HeadObjectCommandOutput;
}

/** What says that an object or version is not there; a delete marker that is asked for by its version answers 405. */
const GONE = ['NotFound', 'NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed'];

export function isGone(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return GONE.some((name) => isAwsError(error, name)) || status === 404 || status === 405;
}

/** Looks at an object; undefined: it is not there. @throws for a bucket that another account owns */
export async function findObject(
  client: S3Client,
  { bucket, account }: OwnedBucketName,
  key: string,
  versionId?: string,
): Promise<FoundObject | undefined> {
  try {
    const answer = await client.send(
      new HeadObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(versionId !== undefined && { VersionId: versionId }),
        ChecksumMode: 'ENABLED',
        ExpectedBucketOwner: account,
      }),
    );
    const { ContentLength: size = 0, ETag = '', VersionId, Metadata: metadata = {}, LastModified } = answer;
    const etag = ETag.replaceAll('"', '').toLowerCase();
    return {
      size,
      etag,
      isPlain: isPlainEtag(etag, answer.ServerSideEncryption),
      ...(VersionId !== undefined && { versionId: VersionId }),
      metadata,
      modified: LastModified?.getTime() ?? 0,
      answer,
    };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
