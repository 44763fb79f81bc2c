import type {
  ListQueueTagsRequest,
  ListQueueTagsResult,
  TagQueueRequest,
  UntagQueueRequest,
} from '@aws-sdk/client-sqs';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { invalidParameter } from './errors.ts';
import { needQueue, putQueue, queueArn, queuesOf } from './model.ts';

/** A queue's tags after some were added or replaced. */
export function withQueueTags(before: Tags, added: Tags): Tags {
  return withTags(before, added, invalidParameter);
}

export function listQueueTags(input: ListQueueTagsRequest, context: CallContext): ListQueueTagsResult {
  const { tags } = needQueue(input, context);
  return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
}

export function tagQueue(input: TagQueueRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  putQueue({ ...queue, tags: withQueueTags(queue.tags, input.Tags ?? {}) }, context.data);
  return {};
}

export function untagQueue(input: UntagQueueRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  putQueue({ ...queue, tags: withoutTags(queue.tags, input.TagKeys ?? []) }, context.data);
  return {};
}

/** The ARN of a queue names no type, so that the tagging API's filter for queues is the service's name. */
export function taggedQueues(context: CallContext): readonly TaggedResource[] {
  return queuesOf(context).map((queue) => ({ type: 'sqs', arn: queueArn(queue), tags: queue.tags }));
}
