import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTopicsInput,
  ListTopicsResponse,
} from '@aws-sdk/client-sns';
import { requireTagging } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { tagsFrom, withTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { attributesOf, readDisplayName } from './attributes.ts';
import { invalidParameter, notFound, tagLimitExceeded } from './errors.ts';
import { IAM, checkTopicArn, ownTopic, ownTopicArn, topicArn, topics, topicsOf } from './model.ts';
import type { StoredTopic } from './model.ts';

/** CreateTopic, Name: ASCII letters, digits, underscores and hyphens, 1 to 256; only FIFO topics end in `.fifo`. */
const NAME = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,251}\.fifo$/;
/** ListTopics: "up to 100 topics" in one answer. */
const PAGE = 100;

/** One that is there stays as it is, and must carry what the request gives it. */
export function createTopic(input: CreateTopicInput, context: CallContext): CreateTopicResponse {
  const name = checkName(input.Name ?? '');
  if (input.DataProtectionPolicy !== undefined) throw notEmbedded('data protection policies of topics');
  const displayName = readDisplayName(input.Attributes ?? {});
  const tags = withTags({}, tagsFrom(input.Tags), (why) => invalidParameter('Tags', why), tagLimitExceeded);
  const arn = ownTopicArn(name, context);
  requireTagging(IAM, arn, tags, context);
  const known = ownTopic(arn, context);
  if (known !== undefined) {
    checkSame(known, displayName, tags);
    return { TopicArn: arn };
  }
  const { account } = context.caller;
  const topic = { account, region: context.region, name, displayName: displayName ?? '', tags };
  context.data.put(topics, rowKey(name, context), topic);
  return { TopicArn: arn };
}

function checkName(name: string): string {
  if (FIFO_NAME.test(name)) throw notEmbedded('FIFO topics');
  if (!NAME.test(name)) throw invalidParameter('Topic Name');
  return name;
}

/** @throws InvalidParameterException where the request names another attribute or tag than the topic has. */
function checkSame(known: StoredTopic, displayName: string | undefined, tags: Tags): void {
  if (displayName !== undefined && displayName !== known.displayName) {
    throw invalidParameter('Attributes', 'Topic already exists with different attributes');
  }
  if (Object.entries(tags).some(([key, value]) => known.tags[key] !== value)) {
    throw invalidParameter('Tags', 'Topic already exists with different tags');
  }
}

export function getTopicAttributes(input: GetTopicAttributesInput, context: CallContext): GetTopicAttributesResponse {
  const arn = checkTopicArn(input.TopicArn, 'TopicArn', 'sns:GetTopicAttributes', context);
  const topic = ownTopic(arn, context);
  if (topic === undefined) throw notFound();
  return { Attributes: attributesOf(topic) };
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

/** "Deleting a topic that does not exist does not result in an error." */
export function deleteTopic(input: DeleteTopicInput, context: CallContext): object {
  const arn = checkTopicArn(input.TopicArn, 'TopicArn', 'sns:DeleteTopic', context);
  const topic = ownTopic(arn, context);
  if (topic !== undefined) context.data.delete(topics, rowKey(topic.name, context));
  return {};
}
