import { SNSClient, SetTopicAttributesCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
import { unknownFrom } from '../aws/errors.ts';
import type { Comparison, Progress, ResourceType, Target, Use, Value } from '../engine/types.ts';
import { SNS_TOPIC } from './aws-sns-topic.ts';
import { APPLIED_TAG, OWNER_TAG } from './marker.ts';
import { isSamePolicy } from './policy-document.ts';
import { knownText, permit } from './permissions.ts';
import { removing } from './removal.ts';
import {
  TOPIC_GONE,
  defaultPolicy,
  isDefaultPolicy,
  isTopicGone,
  lookAtTopic,
  markerThrough,
  policyIdOf,
  refuseStrangers,
  tagsOfTopic,
} from './sns-topic.ts';

/** CloudFormation's properties of AWS::SNS::TopicInlinePolicy: a topic has one policy. */
export interface TopicPolicyProperties {
  readonly TopicArn: string;
  readonly PolicyDocument: Value;
}

export const SNS_TOPIC_POLICY = 'AWS::SNS::TopicInlinePolicy';

/** Beside the topic's own stamp, and none of its managed tags. */
const STAMP = `${APPLIED_TAG}:policy`;

type PolicyTarget = Target<TopicPolicyProperties>;

/**
 * The policy of a topic, all of it: who may publish and subscribe is what git says. It is owned through the topic, which
 * carries the stamp of what was applied last. A topic without has SNS's own: that counts as none.
 */
export function createTopicPolicyType(aws: Aws): ResourceType<TopicPolicyProperties, Record<string, never>> {
  async function set({ place, properties }: PolicyTarget, policy: object): Promise<void> {
    const client = await aws.client(SNSClient, place);
    const { TopicArn } = properties;
    const AttributeValue = JSON.stringify(policy);
    await client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  }

  /** Replaces by name, so the topic's marker is asked for right before. */
  async function write(target: PolicyTarget, isWanted: boolean): Promise<Progress> {
    const { TopicArn: ResourceArn, PolicyDocument } = target.properties;
    const tags = await tagsOfTopic(aws, target.place, ResourceArn);
    refuseStrangers(target, ResourceArn, tags);
    const Id = policyIdOf(tags[OWNER_TAG] ?? '');
    if (isWanted) await set(target, { Id, ...(PolicyDocument as object) });
    const client = await aws.client(SNSClient, target.place);
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: STAMP, Value: target.applied }] }));
    return { done: true };
  }

  return {
    type: SNS_TOPIC_POLICY,
    marker: 'container',
    // It goes with the topic, and says until then whose that is.
    removedAfter: [SNS_TOPIC],
    managed: ['TopicArn', 'PolicyDocument'],
    fields: { TopicArn: 'immutable' },
    describe: ({ properties: { TopicArn } }) => (typeof TopicArn === 'string' ? topicName(TopicArn) : '(known later)'),
    permissions: ({ properties }, use) => permit('sns', knownText(properties.TopicArn), ACTIONS[use]),

    async observe(target) {
      const { TopicArn } = target.properties;
      try {
        const { attributes, tags } = await lookAtTopic(aws, target.place, TopicArn);
        const found = JSON.parse(attributes['Policy'] ?? '{}') as Readonly<Record<string, Value>>;
        if (isDefaultPolicy(found, TopicArn, target.place)) return { state: 'absent' };
        return {
          state: 'present',
          resource: topicName(TopicArn),
          properties: { TopicArn, PolicyDocument: shown(found) },
          attributes: {},
          marker: markerThrough(target, tags),
          witness: true,
          applied: tags[STAMP],
          // The topic's own: what protects it moves in the same apply, and must not make the policy look moved.
          protected: false,
        };
      } catch (error) {
        return isTopicGone(error) ? { state: 'absent' } : unknownFrom(error);
      }
    },

    async compare(target, seen): Promise<Comparison> {
      const { PolicyDocument: after } = target.properties;
      const before = seen.properties.PolicyDocument ?? null;
      return { differences: isSamePolicy(before, after) ? [] : [{ path: 'PolicyDocument', before, after }] };
    },

    create: (target) => write(target, true),
    update: (target, _seen, differences) => write(target, differences.length > 0),

    /** SNS takes no policy away: its own one comes back. */
    async remove(target): Promise<Progress> {
      const { TopicArn: ResourceArn } = target.properties;
      return removing(
        async () => {
          refuseStrangers(target, ResourceArn, await tagsOfTopic(aws, target.place, ResourceArn));
          const client = await aws.client(SNSClient, target.place);
          await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [STAMP] }));
          await set(target, defaultPolicy(ResourceArn, target.place));
        },
        { gone: TOPIC_GONE, moving: ['ConcurrentAccessException'] },
      );
    },
  };
}

const ACTIONS: Readonly<Record<Use, readonly string[]>> = {
  read: ['GetTopicAttributes', 'ListTagsForResource'],
  create: ['SetTopicAttributes', 'TagResource'],
  update: ['SetTopicAttributes', 'TagResource'],
  delete: ['SetTopicAttributes', 'UntagResource'],
  adopt: [],
  release: [],
};

function topicName(topic: string): string {
  return topic.slice(topic.lastIndexOf(':') + 1);
}

/** Its id is no part of what it allows. */
function shown({ Id: _id, ...policy }: Readonly<Record<string, Value>>): Value {
  return policy;
}
