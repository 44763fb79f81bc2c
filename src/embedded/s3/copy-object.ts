import type { CopyObjectOutput, CopyObjectRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import type { Tags } from '../tags.ts';
import { requestObjectTagKeys } from './access.ts';
import { bucketFor } from './buckets.ts';
import { algorithmOf, checksumOf, shownChecksum } from './checksums.ts';
import { copySourceOf } from './copy-source.ts';
import type { CopySource } from './copy-source.ts';
import { shownEncryption } from './encryption.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { announce } from './events.ts';
import type { StoredBucket, StoredObject } from './model.ts';
import { checkKey, checkMetadata, headersOf } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import { demandOnObject } from './rights.ts';
import { tagsInHeader } from './tag-sets.ts';
import { currentObject, idOf, keepObject } from './versions.ts';
import { checkWriteRequest, creation, keepingOf, shownVersion, wholeEtag } from './write-object.ts';

/** 5 GiB: "You create a copy of your object up to 5 GB in size in a single atomic action using this API". */
const MAX_COPY: number = 5 * 1024 ** 3;

/** What of a request makes a copy onto itself a change. */
const CHANGES = ['ChecksumAlgorithm', 'ServerSideEncryption', 'StorageClass', 'WebsiteRedirectLocation'] as const;

/**
 * Headers and metadata are those of the source or those of the request; so are tags. Storage class, redirect, ACL and
 * encryption never come from the source.
 */
export function copyObject(input: CopyObjectRequest, context: CallContext): CopyObjectOutput {
  checkWriteRequest(input);
  const isAnew = isReplacing(input.MetadataDirective, 'x-amz-metadata-directive');
  const bucket = bucketFor(input, context);
  const key = checkKey(input.Key);
  const source = copySourceOf(input, context);
  if (source.object.body.size > MAX_COPY) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY}`,
    );
  }
  checkChange(input, source, { bucket, key });
  const { body } = source.object;
  const tags = tagsOfCopy(input, source, context);
  if (input.IfMatch !== undefined) demandOnObject('GetObject', input, context);
  const keeping = keepingOf(input, bucket, context);
  checkWrite(key, currentObject(bucket.name, key, context.data), input);
  const headers = isAnew ? headersOf(input) : source.object.headers;
  const metadata = isAnew ? checkMetadata(input.Metadata) : source.object.metadata;
  const checksum = checksumOf(algorithmOf(input.ChecksumAlgorithm ?? source.object.checksum.algorithm), body);
  const etag = wholeEtag(body, keeping, context);
  const kept = keepObject(bucket, { key, body, etag, headers, metadata, checksum, tags, ...keeping }, context);
  announce(creation('ObjectCreated:Copy', bucket, kept), context);
  return {
    CopyObjectResult: { ETag: etag, LastModified: new Date(kept.modified), ...shownChecksum(checksum) },
    ...(source.bucket.versioning !== undefined && { CopySourceVersionId: idOf(source.object) }),
    ...shownVersion(bucket, kept),
    ...shownEncryption(kept),
  };
}

/** @throws InvalidArgument for what is neither COPY nor REPLACE. */
function isReplacing(directive: string = 'COPY', header: string): boolean {
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'REPLACE';
  throw invalidArgument('Unknown metadata directive.', header, directive);
}

/** @throws InvalidRequest for the newest of a key onto itself as it is. */
function checkChange(
  input: CopyObjectRequest,
  { bucket, object, reference }: CopySource,
  destination: { readonly bucket: StoredBucket; readonly key: string },
): void {
  const isItself = bucket.name === destination.bucket.name && object.key === destination.key;
  if (!isItself || reference.VersionId !== undefined) return;
  if (input.MetadataDirective === 'REPLACE' || CHANGES.some((field) => input[field] !== undefined)) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** Tags need the right to write them and, where the source has some, that to read them. */
function tagsOfCopy(input: CopyObjectRequest, { object, reference }: CopySource, context: CallContext): Tags {
  const isAnew = isReplacing(input.TaggingDirective, 'x-amz-tagging-directive');
  const tags: StoredObject['tags'] = isAnew ? tagsInHeader(input.Tagging) : object.tags;
  if (Object.keys(tags).length === 0) return tags;
  if (!isAnew) demandOnObject('GetObjectTagging', reference, context);
  demandOnObject('PutObjectTagging', input, context, requestObjectTagKeys(tags));
  return tags;
}
