import type { GetObjectTaggingOutput, GetObjectTaggingRequest, PutObjectTaggingRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { listTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { objectFor } from './get-object.ts';
import type { ObjectReference } from './get-object.ts';
import { objectRow, objects } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { objectTags } from './tag-sets.ts';

const NOT_EMBEDDED = ['VersionId'];

export function getObjectTagging(input: GetObjectTaggingRequest, context: CallContext): GetObjectTaggingOutput {
  refuseFields(input, NOT_EMBEDDED);
  return { TagSet: listTags(objectFor(input, context).tags) };
}

/** The whole set is replaced. */
export function putObjectTagging(input: PutObjectTaggingRequest, context: CallContext): object {
  return replaceTags(input, objectTags(input.Tagging?.TagSet), context);
}

export function deleteObjectTagging(input: ObjectReference, context: CallContext): object {
  return replaceTags(input, {}, context);
}

/** The object itself stays as it is, with its ETag and its date. */
function replaceTags(input: ObjectReference, tags: Tags, context: CallContext): object {
  refuseFields(input, NOT_EMBEDDED);
  const found = objectFor(input, context);
  context.data.put(objects(input.Bucket ?? ''), objectRow(found.key), { ...found, tags });
  return {};
}
