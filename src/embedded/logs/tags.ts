import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { serviceError } from '../errors.ts';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import { groupArn, groups, invalid, notFound, ownGroupArn } from './model.ts';
import type { StoredGroup } from './model.ts';

export function listGroupTags(input: ListTagsForResourceRequest, context: CallContext): ListTagsForResourceResponse {
  return { tags: { ...taggedGroup(input.resourceArn, context).tags } };
}

export function tagGroup(input: TagResourceRequest, context: CallContext): object {
  const group = taggedGroup(input.resourceArn, context);
  const tags = withTags(group.tags, input.tags ?? {}, invalid, (message) =>
    serviceError('TooManyTagsException', message),
  );
  context.data.put(groups, rowKey(group.name, context), { ...group, tags });
  return {};
}

export function untagGroup(input: UntagResourceRequest, context: CallContext): object {
  const group = taggedGroup(input.resourceArn, context);
  const tags = withoutTags(group.tags, input.tagKeys ?? []);
  context.data.put(groups, rowKey(group.name, context), { ...group, tags });
  return {};
}

export function taggedGroups(context: CallContext): readonly TaggedResource[] {
  return rowsIn(groups, context).map((group) => ({ type: 'logs:log-group', arn: groupArn(group), tags: group.tags }));
}

/** The ARN without the trailing `:*` (LogGroup, logGroupArn); undefined: it is none of an own group. */
export function groupInArn(arn: string | undefined, context: CallContext): StoredGroup | undefined {
  const prefix = ownGroupArn('', context);
  if (arn?.startsWith(prefix) !== true) return undefined;
  return context.data.get(groups, rowKey(arn.slice(prefix.length), context));
}

function taggedGroup(arn: string | undefined, context: CallContext): StoredGroup {
  const group = groupInArn(arn, context);
  if (group !== undefined) return group;
  if (arn?.endsWith(':*') === true) throw invalid(`The resource ARN ${arn} must not end in :*.`);
  throw notFound('The specified resource does not exist.');
}
