import { SNSClient, SetSubscriptionAttributesCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { causeOf } from '../engine/applied.ts';
import type {
  Comparison,
  Difference,
  Draft,
  Observation,
  Permission,
  Place,
  Present,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../engine/types.ts';
import { equal } from '../engine/value.ts';
import { nameInArn } from './arns.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import type { MarkedTopics } from './marked-topics.ts';
import type { Tags } from './marker.ts';
import { SUBSCRIPTION_SUFFIX, isNamedAfter } from './names.ts';
import { knownText, permit } from './permissions.ts';
import { removing } from './removal.ts';
import { subscriptionAttributes, subscriptionsOf } from './sns-subscriptions.ts';
import { readSubscriptionStamp, subscriptionStampPermissions, writeSubscriptionStamp } from './subscription-stamp.ts';
import { TOPIC_GONE, isTopicGone, markerThrough, refuseStrangers, tagsOfTopic, topicArn } from './sns-topic.ts';

/** CloudFormation's properties of AWS::SNS::Subscription. */
export interface SubscriptionProperties {
  readonly TopicArn: string;
  /** `lambda` or `sqs`: those are confirmed at once in their own account. */
  readonly Protocol: string;
  /** ARN of a function or a queue. */
  readonly Endpoint: string;
  /** `{}`: everything. */
  readonly FilterPolicy?: Value;
  /** `MessageAttributes` (SNS's default) or `MessageBody`; of no meaning without a filter policy. */
  readonly FilterPolicyScope?: string;
  /** `{ deadLetterTargetArn }`; `{}`: none. */
  readonly RedrivePolicy?: Value;
}

export interface SubscriptionAttributes {
  readonly Arn: string;
}

export const SNS_SUBSCRIPTION = 'AWS::SNS::Subscription';

const DEFAULT_SCOPE = 'MessageAttributes';
const BODY_SCOPE = 'MessageBody';
/** In the order of their stamps. */
const MANAGED = ['TopicArn', 'Protocol', 'Endpoint', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy'] as const;
const VISIBLE_AGAIN_MS = 2_000;
/** `TOPIC:UUID`. */
const NAME_IN_ARN = /^[A-Za-z0-9_-]{1,256}:[0-9a-f-]{36}$/;

type SubscriptionTarget = Target<SubscriptionProperties>;
type SubscriptionSeen = Present<SubscriptionProperties, SubscriptionAttributes>;
type Found = Observation<SubscriptionProperties, SubscriptionAttributes>;

/**
 * A subscription has no tags and no name. It is owned through its topic, and found by what it tells: SNS has one for each
 * topic, protocol and endpoint. What was applied last is stamped on its endpoint. Where nothing declares it any more, its endpoint's marker says whose it was.
 */
export function createSubscriptionType(
  aws: Aws,
  topics: MarkedTopics,
): ResourceType<SubscriptionProperties, SubscriptionAttributes> {
  /** Looks that are under way, by topic: SNS answers ten questions about tags a second (API reference, TagResource). */
  const asked = new Map<string, Promise<Tags>>();

  /** Whoever looks at the same moment shares the answer. */
  function tagsNow(place: Place, TopicArn: string): Promise<Tags> {
    const answer = asked.get(TopicArn) ?? tagsOfTopic(aws, place, TopicArn).finally(() => asked.delete(TopicArn));
    asked.set(TopicArn, answer);
    return answer;
  }

  async function observe(target: SubscriptionTarget): Promise<Found> {
    const { TopicArn, Protocol, Endpoint } = target.properties;
    try {
      const all = await subscriptionsOf(aws, target.place, TopicArn);
      const one = all.find(({ protocol, endpoint }) => protocol === Protocol && endpoint === Endpoint);
      if (one === undefined) return { state: 'absent' };
      const attributes = await subscriptionAttributes(aws, target.place, one.arn);
      if (attributes === undefined) return { state: 'absent' };
      const { FilterPolicyScope } = attributes;
      return {
        state: 'present',
        resource: resourceOf(one.arn),
        properties: {
          TopicArn,
          Protocol,
          Endpoint,
          FilterPolicy: parsed(attributes['FilterPolicy']),
          ...(FilterPolicyScope !== undefined && { FilterPolicyScope }),
          RedrivePolicy: parsed(attributes['RedrivePolicy']),
        },
        attributes: { Arn: one.arn },
        marker: markerThrough(target, await tagsNow(target.place, TopicArn)),
        witness: true,
        applied: await readSubscriptionStamp(aws, target.place, Endpoint),
        protected: false,
      };
    } catch (error) {
      return isTopicGone(error) ? { state: 'absent' } : unknownFrom(error);
    }
  }

  /** Whoever may write here is asked of the topic right before. */
  async function refuse(target: SubscriptionTarget): Promise<void> {
    const { TopicArn } = target.properties;
    refuseStrangers(target, TopicArn, await tagsOfTopic(aws, target.place, TopicArn));
  }

  return {
    type: SNS_SUBSCRIPTION,
    marker: 'container',
    managed: MANAGED,
    removedAfter: [BUCKET_NOTIFICATION],
    fields: { TopicArn: 'immutable', Protocol: 'immutable', Endpoint: 'immutable' },
    describe: ({ properties: { TopicArn, Endpoint } }) => `${lastWord(TopicArn)} to ${lastWord(Endpoint)}`,
    permissions: permissionsOf,
    exclusive: ({ properties }) => `sns/${properties.TopicArn}/subscriptions`,
    observe,

    async compare(target, seen): Promise<Comparison> {
      return { differences: differencesOf(target.properties, seen) };
    },

    async create(target): Promise<Progress> {
      await refuse(target);
      const { TopicArn, Protocol, Endpoint, ...rest } = target.properties;
      const client = await aws.client(SNSClient, target.place);
      try {
        const Attributes = Object.fromEntries(
          Object.entries(rest)
            .filter(([, value]) => !equal(value, {}))
            .map(([name, value]) => [name, textOf(value)]),
        );
        await client.send(
          new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true, Attributes }),
        );
      } catch (error) {
        // The reply to an earlier try was lost, or somebody was faster: the next look tells what differs.
        if (!isThere(error)) throw error;
        return { done: false, waiting: 'for the subscription to be listed', again: VISIBLE_AGAIN_MS };
      }
      await writeSubscriptionStamp(aws, target.place, Endpoint, target.applied);
      return { done: true };
    },

    async update(target, seen, differences): Promise<Progress> {
      await refuse(target);
      const client = await aws.client(SNSClient, target.place);
      for (const { path, after } of inOrder(differences, target.properties)) {
        await client.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: seen.attributes.Arn,
            AttributeName: path,
            AttributeValue: textOf(after as Value),
          }),
        );
      }
      await writeSubscriptionStamp(aws, target.place, target.properties.Endpoint, target.applied);
      return { done: true };
    },

    /** On topics of ours: what tells a function or a queue of the same document. */
    async *list(owners, place, isDeclared) {
      for (const topic of await topics.topics(place, owners)) {
        const document = documentIn(topic.marker);
        const all = await subscriptionsOf(aws, place, topic.arn).catch(noneIfGone);
        const undeclared = all.filter(({ arn }) => !isDeclared(resourceOf(arn)));
        if (undeclared.length === 0) continue;
        const endpoints = new Map((await topics.endpoints(place)).map(({ arn, marker }) => [arn, marker]));
        for (const { arn, endpoint } of undeclared) {
          const marker = endpoints.get(endpoint);
          if (marker === undefined || documentIn(marker) !== document) continue;
          yield { marker: marker + SUBSCRIPTION_SUFFIX, arn, place };
        }
      }
    },

    /** Its endpoint's name follows from the marker: a copied tag stands on another one. */
    async locate({ arn, place, marker }) {
      const name = nameInArn(arn, topicArn(place, ''), NAME_IN_ARN);
      const attributes = name === undefined ? undefined : await subscriptionAttributes(aws, place, arn);
      if (attributes === undefined) return undefined;
      const { Protocol = '', Endpoint = '', TopicArn = '' } = attributes;
      const endpointMarker = marker.slice(0, -SUBSCRIPTION_SUFFIX.length);
      const witnessed = marker.endsWith(SUBSCRIPTION_SUFFIX) && isNamedAfter(endpointMarker, lastWord(Endpoint));
      return { properties: { TopicArn, Protocol, Endpoint }, witnessed };
    },

    async remove(target, seen): Promise<Progress> {
      const client = await aws.client(SNSClient, target.place);
      return removing(
        async () => {
          await refuse(target);
          await client.send(new UnsubscribeCommand({ SubscriptionArn: seen.attributes.Arn }));
        },
        { gone: TOPIC_GONE },
      );
    },
  };
}

function permissionsOf({ properties }: Draft<SubscriptionProperties>, use: Use): readonly Permission[] {
  const topic = knownText(properties.TopicArn);
  const endpoint = knownText(properties.Endpoint);
  switch (use) {
    case 'read':
      return [
        ...permit('sns', topic, ['ListSubscriptionsByTopic', 'ListTagsForResource']),
        ...permit('sns', '*', ['GetSubscriptionAttributes']),
        ...subscriptionStampPermissions(endpoint, 'read'),
      ];
    case 'create':
      return [...permit('sns', topic, ['Subscribe']), ...subscriptionStampPermissions(endpoint, 'write')];
    // Calls about a subscription know no resources (Service Authorization Reference, "Amazon SNS").
    case 'update':
      return [...permit('sns', '*', ['SetSubscriptionAttributes']), ...subscriptionStampPermissions(endpoint, 'write')];
    case 'delete':
      return permit('sns', '*', ['Unsubscribe']);
    case 'adopt':
    case 'release':
      return [];
  }
}

/** What is not named stays; policies mean the same whatever the order of their keys. */
function differencesOf(
  wanted: SubscriptionProperties,
  { properties, applied }: Pick<SubscriptionSeen, 'properties' | 'applied'>,
): readonly Difference[] {
  const { FilterPolicy = {}, FilterPolicyScope = DEFAULT_SCOPE, RedrivePolicy = {} } = properties;
  const isFiltered = !equal(wanted.FilterPolicy ?? FilterPolicy, {});
  const pairs: readonly (readonly [path: string, before: Value, after: Value | undefined])[] = [
    ['FilterPolicy', FilterPolicy, wanted.FilterPolicy],
    ['FilterPolicyScope', FilterPolicyScope, isFiltered ? wanted.FilterPolicyScope : undefined],
    ['RedrivePolicy', RedrivePolicy, wanted.RedrivePolicy],
  ];
  return pairs.flatMap(([path, before, after]) =>
    after === undefined || equal(before, after)
      ? []
      : [{ path, before, after, cause: causeOf(MANAGED, applied, path, before, after) }],
  );
}

/** SNS holds a policy against its scope: one that looks into bodies takes the scope first, one that does not takes it last. */
function inOrder(differences: readonly Difference[], wanted: SubscriptionProperties): readonly Difference[] {
  const isScope = ({ path }: Difference): boolean => path === 'FilterPolicyScope';
  const scope = differences.filter(isScope);
  const others = differences.filter((difference) => !isScope(difference));
  return wanted.FilterPolicyScope === BODY_SCOPE ? [...scope, ...others] : [...others, ...scope];
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(text: string | undefined): Value {
  return JSON.parse(text === undefined || text === '' ? '{}' : text) as Value;
}

/** `TOPIC:UUID`: the end of its ARN. */
function resourceOf(arn: string): string {
  return arn.split(':').slice(-2).join(':');
}

function lastWord(text: unknown): string {
  return typeof text === 'string' ? text.slice(text.lastIndexOf(':') + 1) : '(known later)';
}

/** `owner/kind/name`. */
function documentIn(marker: string): string {
  return marker.slice(0, marker.lastIndexOf('/'));
}

/** Subscribe gives back a subscription that is there, unless it has other attributes. */
function isThere(error: unknown): boolean {
  return isAwsError(error, 'InvalidParameterException') && /already exists/i.test((error as Error).message);
}

/** Lists of tags are late: a topic may be gone. */
function noneIfGone(error: unknown): readonly never[] {
  if (isTopicGone(error)) return [];
  throw error;
}
