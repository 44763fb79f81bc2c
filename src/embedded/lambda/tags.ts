import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import { rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { constraintViolation, invalidParameter } from './errors.ts';
import { ownFunction, placeOfArn } from './function-name.ts';
import { functionArn, functions, putFunction } from './model.ts';
import type { StoredFunction } from './model.ts';

/** Developer Guide, "Using tags on Lambda functions". */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** A function's tags after some were added or replaced. */
export function withFunctionTags(before: Tags, added: Tags | undefined = {}): Tags {
  const odd = Object.keys(added).find((key) => !ALLOWED.test(`${key}${added[key]}`));
  if (odd !== undefined) throw invalidParameter(`Tag key or value is not valid: ${odd}`);
  return withTags(before, added, invalidParameter);
}

export function listTags(input: ListTagsRequest, context: CallContext): ListTagsResponse {
  return { Tags: { ...taggedFunction(input.Resource, context).tags } };
}

export function tagResource(input: TagResourceRequest, context: CallContext): object {
  const found = taggedFunction(input.Resource, context);
  putFunction(context.data, { ...found, tags: withFunctionTags(found.tags, input.Tags) });
  return {};
}

export function untagResource(input: UntagResourceRequest, context: CallContext): object {
  const found = taggedFunction(input.Resource, context);
  const gone = input.TagKeys ?? [];
  if (gone.length === 0) throw constraintViolation('tagKeys', '', 'Member must not be null');
  putFunction(context.data, { ...found, tags: withoutTags(found.tags, gone) });
  return {};
}

export function taggedFunctions(context: CallContext): readonly TaggedResource[] {
  return rowsIn(functions, context).map((found) => ({
    type: 'lambda:function',
    arn: functionArn(found),
    tags: found.tags,
  }));
}

/** Tags are addressed by the function's whole ARN, without a version. */
function taggedFunction(arn: string | undefined, context: CallContext): StoredFunction {
  const place = placeOfArn(arn ?? '');
  if (place === undefined || arn?.endsWith('$LATEST')) {
    throw serviceError('InvalidParameterValueException', `Invalid ARN: ${arn}`, { fields: { Type: 'User' } });
  }
  return ownFunction({ FunctionName: arn }, context);
}
