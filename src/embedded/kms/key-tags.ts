import type {
  ListResourceTagsRequest,
  ListResourceTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-kms';
import { pageOf } from '../paging.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import { tagsOf } from './create-key.ts';
import { invalid, invalidMarker, limitExceeded, tagError } from './errors.ts';
import { needKey } from './key-id.ts';
import { checkStays } from './key-states.ts';
import { keyArn, keysOf, putKey } from './model.ts';

/** ListResourceTags, Limit. */
const MAX_PAGE = 50;

export function listResourceTags(input: ListResourceTagsRequest, context: CallContext): ListResourceTagsResponse {
  const { Limit: size = MAX_PAGE, Marker: token } = input;
  const { tags } = needKey(input, context);
  if (size < 1 || size > MAX_PAGE) throw invalid(`limit must be from 1 to ${MAX_PAGE}: ${size}`);
  const list = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { items, next } = pageOf(list, ({ TagKey }) => TagKey, { token, size }, invalidMarker);
  return { Tags: [...items], Truncated: next !== undefined, ...(next !== undefined && { NextMarker: next }) };
}

export function tagResource(input: TagResourceRequest, context: CallContext): object {
  const key = needKey(input, context);
  checkStays(key);
  putKey({ ...key, tags: withTags(key.tags, tagsOf(input.Tags), tagError, limitExceeded) }, context.data);
  return {};
}

export function untagResource(input: UntagResourceRequest, context: CallContext): object {
  const key = needKey(input, context);
  checkStays(key);
  putKey({ ...key, tags: withoutTags(key.tags, input.TagKeys ?? []) }, context.data);
  return {};
}

export function taggedKeys(context: CallContext): readonly TaggedResource[] {
  return keysOf(context).map((key) => ({ type: 'kms:key', arn: keyArn(key), tags: key.tags }));
}
