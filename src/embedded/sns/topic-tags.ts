import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns';
import { rowKey } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { listTags, tagsFrom, withTags, withoutTags } from '../tags.ts';
import { invalidParameter, resourceNotFound, tagLimitExceeded } from './errors.ts';
import { findTopic, topicArn, topics, topicsOf } from './model.ts';
import type { StoredTopic } from './model.ts';

export function listTopicTags(input: ListTagsForResourceRequest, context: CallContext): ListTagsForResourceResponse {
  return { Tags: listTags(taggedTopic(input.ResourceArn, context).tags) };
}

export function tagTopic(input: TagResourceRequest, context: CallContext): object {
  const topic = taggedTopic(input.ResourceArn, context);
  const refuse = (why: string): Error => invalidParameter('Tags', why);
  const tags = withTags(topic.tags, tagsFrom(input.Tags), refuse, tagLimitExceeded);
  context.data.put(topics, rowKey(topic.name, context), { ...topic, tags });
  return {};
}

export function untagTopic(input: UntagResourceRequest, context: CallContext): object {
  const topic = taggedTopic(input.ResourceArn, context);
  const tags = withoutTags(topic.tags, input.TagKeys ?? []);
  context.data.put(topics, rowKey(topic.name, context), { ...topic, tags });
  return {};
}

/** The ARN of a topic names no type, so that the tagging API's filter for topics is the service's name. */
export function taggedTopics(context: CallContext): readonly TaggedResource[] {
  return topicsOf(context).map((topic) => ({ type: 'sns', arn: topicArn(topic), tags: topic.tags }));
}

function taggedTopic(arn: string | undefined, context: CallContext): StoredTopic {
  const topic = findTopic(arn, 'ResourceArn', context);
  if (topic === undefined) throw resourceNotFound();
  return topic;
}
