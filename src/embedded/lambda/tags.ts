import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { constraintViolation, invalidParameter } from './errors.ts';
import { ownFunction, placeOfArn } from './function-name.ts';
import { MAX_TAGS } from './limits.ts';
import { putFunction } from './model.ts';
import type { StoredFunction } from './model.ts';

/** Developer Guide, "Using tags on Lambda functions": keys up to 128 characters, values up to 256, no `aws:`. */
const MAX_KEY = 128;
const MAX_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(tags)) {
    const isValid = key !== '' && key.length <= MAX_KEY && value.length <= MAX_VALUE && ALLOWED.test(key + value);
    if (!isValid || key.toLowerCase().startsWith('aws:'))
      throw invalidParameter(`Tag key or value is not valid: ${key}`);
  }
  const count = Object.keys(tags).length;
  if (count <= MAX_TAGS) return { ...tags };
  throw invalidParameter(`Cannot have more than ${MAX_TAGS} tags on a function, these are ${count}`);
}

export function listTags(input: ListTagsRequest, context: CallContext): ListTagsResponse {
  return { Tags: { ...taggedFunction(input.Resource, context).tags } };
}

export function tagResource(input: TagResourceRequest, context: CallContext): object {
  const found = taggedFunction(input.Resource, context);
  putFunction(context.data, { ...found, tags: checkTags({ ...found.tags, ...input.Tags }) });
  return {};
}

export function untagResource(input: UntagResourceRequest, context: CallContext): object {
  const found = taggedFunction(input.Resource, context);
  const gone = input.TagKeys ?? [];
  if (gone.length === 0) throw constraintViolation('tagKeys', '', 'Member must not be null');
  const kept = Object.entries(found.tags).filter(([key]) => !gone.includes(key));
  putFunction(context.data, { ...found, tags: Object.fromEntries(kept) });
  return {};
}

/** Tags are addressed by the function's whole ARN, without a version. */
function taggedFunction(arn: string | undefined, context: CallContext): StoredFunction {
  const place = placeOfArn(arn ?? '');
  if (place === undefined || arn?.endsWith('$LATEST')) {
    throw serviceError('InvalidParameterValueException', `Invalid ARN: ${arn}`, { fields: { Type: 'User' } });
  }
  return ownFunction({ FunctionName: arn }, context);
}
