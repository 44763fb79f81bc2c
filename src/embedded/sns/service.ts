import type { CreateTopicInput, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-sns';
import { read, write } from '../service.ts';
import type { Access, Service } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { IAM, ownTopicArn, topicTagKeys } from './model.ts';
import { publish } from './publish.ts';
import { listTopicTags, tagTopic, taggedTopics, untagTopic } from './topic-tags.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics } from './topics.ts';

const BY_TOPIC: Access<{ readonly TopicArn?: string | undefined }> = {
  resource: ({ TopicArn }) => TopicArn ?? '*',
  conditions: ({ TopicArn }, context) => topicTagKeys(TopicArn, context),
};

const BY_ARN: Access<{ readonly ResourceArn: string | undefined }> = {
  resource: ({ ResourceArn }) => ResourceArn ?? '*',
  conditions: ({ ResourceArn }, context) => topicTagKeys(ResourceArn, context),
};

/**
 * Standard topics and their tags, as the API reference of SNS describes them. What is published
 * is kept, and reaches nobody. Not modelled: subscriptions, policies of topics (each has the default one), FIFO topics,
 * encryption.
 */
export const sns: Service = {
  ...IAM,
  eventSource: 'sns.amazonaws.com',
  // Those of Publish (Developer guide, "Logging AWS SNS API calls": its log entries).
  secretFields: ['Message', 'MessageAttributes', 'Subject'],
  throttled: throttling,
  operations: {
    CreateTopic: write(createTopic, {
      resource: ({ Name }, context) => ownTopicArn(Name ?? '', context),
      conditions: ({ Name, Tags }: CreateTopicInput, context) => ({
        ...topicTagKeys(ownTopicArn(Name ?? '', context), context),
        ...requestTagKeys(tagsFrom(Tags)),
      }),
    }),
    DeleteTopic: write(deleteTopic, BY_TOPIC),
    GetTopicAttributes: read(getTopicAttributes, BY_TOPIC),
    ListTagsForResource: read(listTopicTags, BY_ARN),
    ListTopics: read(listTopics),
    Publish: write(publish, BY_TOPIC),
    TagResource: write(tagTopic, {
      ...BY_ARN,
      conditions: ({ ResourceArn, Tags }: TagResourceRequest, context) => ({
        ...topicTagKeys(ResourceArn, context),
        ...requestTagKeys(tagsFrom(Tags)),
      }),
    }),
    UntagResource: write(untagTopic, {
      ...BY_ARN,
      conditions: ({ ResourceArn, TagKeys }: UntagResourceRequest, context) => ({
        ...topicTagKeys(ResourceArn, context),
        ...requestTagKeys(TagKeys ?? []),
      }),
    }),
  },
  tagged: taggedTopics,
};
