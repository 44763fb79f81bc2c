import type { CreateTopicInput, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-sns';
import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { BY_ARN, BY_TOPIC, subscribeKeys } from './access.ts';
import { IAM, ownTopicArn, topicTagKeys } from './model.ts';
import { publish } from './publish.ts';
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './subscriptions.ts';
import { listTopicTags, tagTopic, taggedTopics, untagTopic } from './topic-tags.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from './topics.ts';

/**
 * Standard topics, their policies and tags, and subscriptions of functions and queues, as the API reference of SNS
 * describes them. Not modelled: other endpoints, subscriptions that have to be confirmed, AddPermission, delivery
 * policies, FIFO topics, encryption.
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
    // SNS has no type of resource for subscriptions (Service Authorization Reference).
    GetSubscriptionAttributes: read(getSubscriptionAttributes),
    GetTopicAttributes: read(getTopicAttributes, BY_TOPIC),
    ListSubscriptions: read(listSubscriptions),
    ListSubscriptionsByTopic: read(listSubscriptionsByTopic, BY_TOPIC),
    ListTagsForResource: read(listTopicTags, BY_ARN),
    ListTopics: read(listTopics),
    Publish: write(publish, BY_TOPIC),
    SetSubscriptionAttributes: write(setSubscriptionAttributes),
    SetTopicAttributes: write(setTopicAttributes, BY_TOPIC),
    Subscribe: write(subscribe, { ...BY_TOPIC, conditions: subscribeKeys }),
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
    Unsubscribe: write(unsubscribe),
  },
  tagged: taggedTopics,
};
