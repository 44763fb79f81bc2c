import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Draft, Observation, Permission, Progress, ResourceType, Target, Use } from '../engine/types.ts';
import { nameInArn } from './arns.ts';
import { SNS_SUBSCRIPTION } from './aws-sns-subscription.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { tagList } from './marker.ts';
import { knownText, permit } from './permissions.ts';
import { removing } from './removal.ts';
import { TOPIC_GONE, isPolicyOf, isTopicGone, lookAtTopic, topicArn } from './sns-topic.ts';
import { subscriptionsOf } from './sns-subscriptions.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::SNS::Topic. */
export interface TopicProperties extends TaggedProperties {
  readonly TopicName: string;
  /** At most 100 characters. */
  readonly DisplayName?: string;
}

export interface TopicAttributes {
  readonly TopicArn: string;
}

export const SNS_TOPIC = 'AWS::SNS::Topic';

/** CreateTopic, Name; FIFO topics, whose names end in `.fifo`, take nothing of S3. */
const TOPIC_NAME = /^[A-Za-z0-9_-]{1,256}$/;
const VISIBLE_AGAIN_MS = 2_000;
const NAMED = 5;

type TopicTarget = Target<TopicProperties>;

/** A standard topic. */
export function createTopicType(aws: Aws): ResourceType<TopicProperties, TopicAttributes> {
  function clientFor({ place }: Pick<TopicTarget, 'place'>): Promise<SNSClient> {
    return aws.client(SNSClient, place);
  }

  async function observe(target: TopicTarget): Promise<Observation<TopicProperties, TopicAttributes>> {
    const { TopicName } = target.properties;
    const TopicArn = arnOf(target);
    try {
      const { attributes, tags } = await lookAtTopic(aws, target.place, TopicArn);
      const { DisplayName = '' } = attributes;
      const properties = { TopicName, ...(DisplayName !== '' && { DisplayName }) };
      return taggedPresent(target, { resource: TopicName, properties, attributes: { TopicArn } }, tags);
    } catch (error) {
      return isTopicGone(error) ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: TopicTarget): Promise<TagWriter> {
    const client = await clientFor(target);
    const ResourceArn = arnOf(target);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: SNS_TOPIC,
    marker: 'tag',
    // A bucket that still tells it would be refused every change of its configuration.
    removedAfter: [BUCKET_NOTIFICATION, SNS_SUBSCRIPTION],
    managed: ['TopicName', 'DisplayName', 'Tags'],
    describe: ({ properties }) => properties.TopicName as string,
    predict: (target) => ({ TopicArn: arnOf(target) }),
    permissions: permissionsOf,
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      const { TopicName: Name, DisplayName } = target.properties;
      try {
        await client.send(
          new CreateTopicCommand({
            Name,
            ...(DisplayName !== undefined && { Attributes: { DisplayName } }),
            Tags: tagList(tagsAtCreate(target)),
          }),
        );
      } catch (error) {
        // Somebody was faster, with other tags than ours: the next look says who.
        if (!isThere(error)) throw error;
        return { done: false, waiting: 'for the topic to be seen', again: VISIBLE_AGAIN_MS };
      }
      return { done: false, waiting: 'to stamp the topic', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      return updateTagged(target, seen, await writerOf(target), async () => {
        if (!differences.some(({ path }) => path === 'DisplayName')) return;
        const client = await clientFor(target);
        const AttributeValue = target.properties.DisplayName ?? '';
        await client.send(
          new SetTopicAttributesCommand({ TopicArn: arnOf(target), AttributeName: 'DisplayName', AttributeValue }),
        );
      });
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    /** By its name, or by the policy that was written for it: users name topics. */
    async locate(found) {
      const TopicName = nameInArn(found.arn, topicArn(found.place, ''), TOPIC_NAME);
      if (TopicName === undefined) return undefined;
      const located = await locateTagged(found, TopicName, { TopicName }, observe);
      if (located.witnessed && !located.byTag) return located;
      return (await hasOwnPolicy()) ? { properties: { TopicName }, witnessed: true } : located;

      async function hasOwnPolicy(): Promise<boolean> {
        try {
          const { attributes } = await lookAtTopic(aws, found.place, found.arn);
          return isPolicyOf(found, attributes['Policy'], located.witnessed);
        } catch (error) {
          if (isTopicGone(error)) return false;
          throw error;
        }
      }
    },

    /** SNS drops its subscriptions with a topic: those of others are not ours to take away. */
    async remove(target): Promise<Progress> {
      const client = await clientFor(target);
      const TopicArn = arnOf(target);
      return removing(
        async () => {
          const left = await subscriptionsOf(aws, target.place, TopicArn);
          if (left.length > 0) throw new Error(foreignSubscriptions(TopicArn, left));
          await client.send(new DeleteTopicCommand({ TopicArn }));
        },
        { gone: TOPIC_GONE, moving: ['ConcurrentAccessException'] },
      );
    },
  };
}

const ACTIONS: Readonly<Record<Use, readonly string[]>> = {
  read: ['GetTopicAttributes', 'ListTagsForResource'],
  create: ['CreateTopic', 'TagResource'],
  update: ['TagResource', 'UntagResource'],
  delete: ['ListSubscriptionsByTopic', 'DeleteTopic'],
  adopt: ['TagResource'],
  release: ['UntagResource'],
};

function permissionsOf({ place, properties }: Draft<TopicProperties>, use: Use): readonly Permission[] {
  const name = properties.DisplayName !== undefined && use === 'update' ? ['SetTopicAttributes'] : [];
  return permit('sns', topicArn(place, knownText(properties.TopicName)), [...ACTIONS[use], ...name]);
}

/** CreateTopic gives back a topic that is there, unless it has other attributes or tags than it is asked for. */
function isThere(error: unknown): boolean {
  return isAwsError(error, 'InvalidParameterException') && /already exists/i.test((error as Error).message);
}

function foreignSubscriptions(
  topic: string,
  left: readonly { readonly arn: string; readonly protocol: string; readonly endpoint: string }[],
): string {
  const named = left.slice(0, NAMED).map(({ protocol, endpoint }) => `${protocol} ${endpoint}`);
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return `the topic ${topic} has subscriptions that are not ours: ${named.join(', ')}${more}; take them away, then it is deleted: aws sns unsubscribe --subscription-arn ${left[0]?.arn ?? ''}`;
}

function arnOf({ place, properties }: TopicTarget): string {
  return topicArn(place, properties.TopicName);
}
