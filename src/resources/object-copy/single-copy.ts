import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm, CopyObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { copySource } from '../../fan-out/object-key.ts';
import { copyProperties } from './copy-properties.ts';
import type { CopyWishes } from './copy-properties.ts';
import { tagsAsHeader } from './multipart-copy.ts';
import type { CopyInParts } from './multipart-copy.ts';
import { isSourceGone } from './source-object.ts';
import type { SourceObject } from './source-object.ts';

/** What stands at the destination; `gone`: the source is not there any more, as it was. */
export type Copied = { readonly etag: string; readonly versionId?: string } | 'gone';

/**
 * One CopyObject, of at most 5 GiB: of the version that was looked at, and of no other content than was looked at.
 *
 * @param client of the destination's region
 * @param stop waits no longer; S3 may copy it still
 * @throws S3's error, also one in the body of a 200, which the SDK tells as a 503
 */
export async function copySingle(
  client: S3Client,
  { source, object, destination, wishes }: CopyInParts,
  stop: AbortSignal,
): Promise<Copied> {
  const command = new CopyObjectCommand({
    Bucket: destination.bucket,
    Key: destination.key,
    ExpectedBucketOwner: destination.account,
    CopySource: copySource(source.bucket, source.key, source.versionId ?? object.versionId),
    CopySourceIfMatch: object.etag,
    ExpectedSourceBucketOwner: source.account,
    ...tagsOf(wishes),
    ...metadataOf(object, wishes),
    ...copyProperties(object, wishes),
    ...(object.checksum && { ChecksumAlgorithm: object.checksum.algorithm as ChecksumAlgorithm }),
  });
  try {
    const { CopyObjectResult: { ETag = '' } = {}, VersionId } = await client.send(command, { abortSignal: stop });
    return { etag: ETag, ...(VersionId !== undefined && { versionId: VersionId }) };
  } catch (error) {
    if (isSourceGone(error)) return 'gone';
    throw error;
  }
}

function tagsOf({ tags }: CopyWishes): Partial<CopyObjectCommandInput> {
  return tags ? { TaggingDirective: 'REPLACE', Tagging: tagsAsHeader(tags) } : { TaggingDirective: 'COPY' };
}

/** Ours instead of the source's, unless that would lose some of it. */
function metadataOf({ headers, isPartial }: SourceObject, { metadata }: CopyWishes): Partial<CopyObjectCommandInput> {
  if (isPartial) return { MetadataDirective: 'COPY' };
  return { MetadataDirective: 'REPLACE', Metadata: { ...metadata }, ...headers };
}
