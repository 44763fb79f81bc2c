import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/errors.ts';
import type { CopyResult } from '../../fan-out/buckets.ts';
import { copySource } from '../../fan-out/object-key.ts';
import { carriedOf, isWholeInHeaders, ofRequest } from './carried.ts';
import type { CopyManner } from './carried.ts';
import { isGone } from './source-object.ts';
import type { FoundObject, OwnedBucketName } from './source-object.ts';

export interface SingleCopy {
  readonly source: OwnedBucketName & { readonly key: string; readonly object: FoundObject };
  readonly destination: OwnedBucketName & { readonly key: string };
  /** User metadata of the copy. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly manner: CopyManner;
}

/**
 * One CopyObject of at most 5 GiB: of the version that was looked at, and of no other content than was looked at.
 *
 * @param client of the destination's region
 * @throws S3's error, also one in the body of a 200, which the SDK tells as a 503
 */
export async function copySingle(
  client: S3Client,
  { source, destination, metadata, manner }: SingleCopy,
): Promise<CopyResult> {
  const { versionId, etag, answer } = source.object;
  try {
    const { CopyObjectResult, VersionId } = await client.send(
      new CopyObjectCommand({
        Bucket: destination.bucket,
        Key: destination.key,
        ExpectedBucketOwner: destination.account,
        CopySource: copySource(source.bucket, source.key, versionId),
        CopySourceIfMatch: etag,
        ExpectedSourceBucketOwner: source.account,
        TaggingDirective: 'COPY',
        ...(isWholeInHeaders(answer)
          ? { MetadataDirective: 'REPLACE', ...carriedOf(answer, metadata, manner) }
          : { MetadataDirective: 'COPY', ...ofRequest(answer, manner) }),
      }),
    );
    const copied = CopyObjectResult?.ETag?.replaceAll('"', '').toLowerCase() ?? '';
    return { is: 'landed', etag: copied, ...(VersionId !== undefined && { versionId: VersionId }) };
  } catch (error) {
    if (isAwsError(error, 'PreconditionFailed') || isSourceGone(error)) return { is: 'gone' };
    throw error;
  }
}

/** A 404 of CopyObject is of the source, unless it says that a bucket is not there. */
function isSourceGone(error: unknown): boolean {
  return isGone(error) && !isAwsError(error, 'NoSuchBucket');
}
