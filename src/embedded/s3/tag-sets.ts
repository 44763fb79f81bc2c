import type { Tag } from '@aws-sdk/client-s3';
import { tagsFrom, withTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { invalidArgument, s3Error } from './errors.ts';

/** User Guide, "Categorizing your objects using tags": "You can associate up to 10 tags with an object." */
const MAX_OBJECT_TAGS = 10;

/** The tags of a bucket, which replace those that it had. */
export function bucketTags(list: readonly Tag[] | undefined): Tags {
  checkOnce((list ?? []).map(({ Key }) => Key ?? ''));
  return withTags({}, tagsFrom(list), invalidTag);
}

/** The tags of an object, which replace those that it had. */
export function objectTags(list: readonly Tag[] | undefined): Tags {
  if ((list ?? []).length > MAX_OBJECT_TAGS) {
    throw s3Error('BadRequest', `Object tags cannot be greater than ${MAX_OBJECT_TAGS}`);
  }
  return bucketTags(list);
}

/** The tags in the header of a PutObject: `a=1&b=2`. */
export function tagsInHeader(header: string | undefined): Tags {
  const pairs = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(pairs.map(({ Key }) => Key)).size < pairs.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  return objectTags(pairs);
}

function checkOnce(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw invalidTag('Cannot provide multiple Tags with the same key');
}

function invalidTag(message: string): Error {
  return s3Error('InvalidTag', message);
}
