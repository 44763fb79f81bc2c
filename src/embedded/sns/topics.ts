import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTopicsInput,
  ListTopicsResponse,
  SetTopicAttributesInput,
} from '@aws-sdk/client-sns';
import { requireTagging } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey, rowKeyIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { tagsFrom, withTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { attributesOf, readAttributes } from './attributes.ts';
import { invalidParameter, tagLimitExceeded } from './errors.ts';
import { IAM, findTopic, needTopic, ownTopic, ownTopicArn, topicArn, topics, topicsOf } from './model.ts';
import type { StoredTopic } from './model.ts';
import { policyOf } from './policy.ts';
import { subscriptionArn, subscriptionKey, subscriptions, subscriptionsOf } from './subscription-model.ts';

/** CreateTopic, Name: ASCII letters, digits, underscores and hyphens, 1 to 256; only FIFO topics end in `.fifo`. */
const NAME = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,251}\.fifo$/;
/** ListTopics: "up to 100 topics" in one answer. */
const PAGE = 100;

/** One that is there stays as it is, and must carry what the request gives it. */
export function createTopic(input: CreateTopicInput, context: CallContext): CreateTopicResponse {
  const name = checkName(input.Name ?? '');
  if (input.DataProtectionPolicy !== undefined) throw notEmbedded('data protection policies of topics');
  const { displayName, policy } = readAttributes(input.Attributes ?? {});
  const tags = withTags({}, tagsFrom(input.Tags), (why) => invalidParameter('Tags', why), tagLimitExceeded);
  const arn = ownTopicArn(name, context);
  requireTagging(IAM, arn, tags, context);
  const known = ownTopic(arn, context);
  if (known !== undefined) {
    checkSame(known, { displayName, policy }, tags);
    return { TopicArn: arn };
  }
  const { account } = context.caller;
  const place = { account, region: context.region, name };
  const topic = { ...place, displayName: displayName ?? '', ...(policy !== undefined && { policy }), tags };
  context.data.put(topics, rowKey(name, context), topic);
  return { TopicArn: arn };
}

function checkName(name: string): string {
  if (FIFO_NAME.test(name)) throw notEmbedded('FIFO topics');
  if (!NAME.test(name)) throw invalidParameter('Topic Name');
  return name;
}

/** @throws InvalidParameterException where the request names another attribute or tag than the topic has. */
function checkSame(
  known: StoredTopic,
  { displayName, policy }: Readonly<Record<'displayName' | 'policy', string | undefined>>,
  tags: Tags,
): void {
  const isOtherName = displayName !== undefined && displayName !== known.displayName;
  if (isOtherName || (policy !== undefined && policy !== policyOf(known))) {
    throw invalidParameter('Attributes', 'Topic already exists with different attributes');
  }
  if (Object.entries(tags).some(([key, value]) => known.tags[key] !== value)) {
    throw invalidParameter('Tags', 'Topic already exists with different tags');
  }
}

export function getTopicAttributes(input: GetTopicAttributesInput, context: CallContext): GetTopicAttributesResponse {
  return { Attributes: attributesOf(needTopic(input.TopicArn, 'TopicArn', context), context.data) };
}

export function setTopicAttributes(input: SetTopicAttributesInput, context: CallContext): object {
  const topic = needTopic(input.TopicArn, 'TopicArn', context);
  const changed = readAttributes({ [input.AttributeName ?? '']: input.AttributeValue ?? '' });
  context.data.put(topics, rowKeyIn(topic.name, topic), { ...topic, ...changed });
  return {};
}

export function listTopics(input: ListTopicsInput, context: CallContext): ListTopicsResponse {
  const refuse = (): Error => invalidParameter('NextToken');
  const page = { token: input.NextToken, size: PAGE };
  const { items, next } = pageOf(topicsOf(context), ({ name }) => name, page, refuse);
  return {
    Topics: items.map((topic) => ({ TopicArn: topicArn(topic) })),
    ...(next !== undefined && { NextToken: next }),
  };
}

/** "Deleting a topic that does not exist does not result in an error"; its subscriptions go with it. */
export function deleteTopic(input: DeleteTopicInput, context: CallContext): object {
  const topic = findTopic(input.TopicArn, 'TopicArn', context);
  if (topic === undefined) return {};
  context.data.delete(topics, rowKeyIn(topic.name, topic));
  for (const subscription of subscriptionsOf(topic, context.data)) {
    context.data.delete(subscriptions, subscriptionKey(subscriptionArn(subscription)));
  }
  return {};
}
