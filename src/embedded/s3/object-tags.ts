import type {
  DeleteObjectTaggingOutput,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { listTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { objectFor } from './find-object.ts';
import type { ObjectReference } from './find-object.ts';
import { objectTags } from './tag-sets.ts';
import { replaceObject } from './versions.ts';
import { shownVersion } from './write-object.ts';

export function getObjectTagging(input: GetObjectTaggingRequest, context: CallContext): GetObjectTaggingOutput {
  const { bucket, object } = objectFor(input, context);
  return { TagSet: listTags(object.tags), ...shownVersion(bucket, object) };
}

/** The whole set is replaced. */
export function putObjectTagging(input: PutObjectTaggingRequest, context: CallContext): PutObjectTaggingOutput {
  return replaceTags(input, 'PUT', objectTags(input.Tagging?.TagSet), context);
}

export function deleteObjectTagging(input: ObjectReference, context: CallContext): DeleteObjectTaggingOutput {
  return replaceTags(input, 'DELETE', {}, context);
}

/** The object itself stays as it is, with its ETag, its date and its version. */
function replaceTags(
  input: ObjectReference,
  method: string,
  tags: Tags,
  context: CallContext,
): { readonly VersionId?: string } {
  const { bucket, object } = objectFor(input, context, method);
  replaceObject(bucket.name, { ...object, tags }, context.data);
  return shownVersion(bucket, object);
}
