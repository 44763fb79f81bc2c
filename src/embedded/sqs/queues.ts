import type {
  CreateQueueRequest,
  CreateQueueResult,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListDeadLetterSourceQueuesRequest,
  ListDeadLetterSourceQueuesResult,
  ListQueuesRequest,
  ListQueuesResult,
  PurgeQueueRequest,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs';
import { requireTagging } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import {
  invalidParameter,
  missingParameter,
  purgeInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
} from './errors.ts';
import { dropAll } from './messages.ts';
import { forgetMinutes, noteMinutes } from './metrics.ts';
import {
  IAM,
  deletedQueues,
  findQueue,
  needQueue,
  putQueue,
  queueArn,
  queueKey,
  queueUrl,
  queues,
  queuesOf,
} from './model.ts';
import type { StoredQueue } from './model.ts';
import { chosenAttributes, shownAttributes, withAttributes } from './queue-attributes.ts';
import { withQueueTags } from './queue-tags.ts';
import { redriveOf } from './redrive-policy.ts';

/** CreateQueue, QueueName. */
const NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;
/** "You must wait 60 seconds after deleting a queue"; PurgeQueue: not again within 60 seconds. */
const PAUSE_S = 60;
/** ListQueues: up to 1,000 results. */
const PAGE = 1000;

/** One that is there stays as it is, and must have each attribute of the request. */
export function createQueue(input: CreateQueueRequest, context: CallContext): CreateQueueResult {
  const { data, now, region, caller } = context;
  const place = { account: caller.account, region, name: checkName(input.QueueName) };
  const attributes = withAttributes({}, input.Attributes ?? {}, place, data);
  const tags = withQueueTags({}, input.tags ?? {});
  requireTagging({ ...IAM, tagAction: 'TagQueue' }, queueArn(place), tags, context);
  const known = findQueue(place, data);
  if (known !== undefined) {
    checkSame(known, attributes, context);
    return { QueueUrl: queueUrl(known) };
  }
  const deleted = data.get(deletedQueues, queueKey(place));
  if (deleted !== undefined && now < deleted + PAUSE_S * 1000) throw queueDeletedRecently(PAUSE_S);
  data.delete(deletedQueues, queueKey(place));
  const queue = { ...place, created: now, modified: now, attributes, tags };
  putQueue(queue, data);
  noteMinutes(queue, data, now);
  return { QueueUrl: queueUrl(place) };
}

function checkName(name: string | undefined): string {
  if (name === undefined || name === '') throw missingParameter('QueueName');
  if (FIFO_NAME.test(name)) throw notEmbedded('FIFO queues');
  if (!NAME.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  return name;
}

function checkSame(known: StoredQueue, given: StoredQueue['attributes'], { data, now }: CallContext): void {
  const shown = shownAttributes(known, data, now);
  const other = Object.keys(given).find((name) => shown[name] !== given[name]);
  if (other !== undefined) throw queueNameExists(other);
}

export function deleteQueue(input: DeleteQueueRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  const { data, now } = context;
  dropAll(queue, data);
  forgetMinutes(queue, data);
  data.delete(queues, queueKey(queue));
  data.put(deletedQueues, queueKey(queue), now);
  return {};
}

export function purgeQueue(input: PurgeQueueRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  const { data, now } = context;
  if (queue.purged !== undefined && now < queue.purged + PAUSE_S * 1000) throw purgeInProgress(queue.name, PAUSE_S);
  noteMinutes(queue, data, now);
  dropAll(queue, data);
  putQueue({ ...queue, purged: now }, data);
  return {};
}

export function getQueueUrl(input: GetQueueUrlRequest, context: CallContext): GetQueueUrlResult {
  const queue = findQueue(placeByName(input, context), context.data);
  if (queue === undefined) throw queueDoesNotExist();
  return { QueueUrl: queueUrl(queue) };
}

/** The queue that GetQueueUrl asks for, whether it is there or not. */
export function placeByName(
  { QueueName: name = '', QueueOwnerAWSAccountId: owner }: GetQueueUrlRequest,
  { caller, region }: CallContext,
): { readonly account: string; readonly region: string; readonly name: string } {
  return { account: owner ?? caller.account, region, name };
}

export function getQueueAttributes(input: GetQueueAttributesRequest, context: CallContext): GetQueueAttributesResult {
  const queue = needQueue(input, context);
  const all = shownAttributes(queue, context.data, context.now);
  const chosen = chosenAttributes(all, input.AttributeNames ?? []);
  return Object.keys(chosen).length === 0 ? {} : { Attributes: chosen };
}

export function setQueueAttributes(input: SetQueueAttributesRequest, context: CallContext): object {
  const queue = needQueue(input, context);
  const { data, now } = context;
  const attributes = withAttributes(queue.attributes, input.Attributes ?? {}, queue, data);
  noteMinutes(queue, data, now);
  putQueue({ ...queue, attributes, modified: now }, data);
  return {};
}

export function listQueues(input: ListQueuesRequest, context: CallContext): ListQueuesResult {
  const found = queuesOf(context).filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
  const { urls, next } = pageOfQueues(found, input);
  return { ...(urls.length > 0 && { QueueUrls: urls }), ...(next !== undefined && { NextToken: next }) };
}

export function listDeadLetterSources(
  input: ListDeadLetterSourceQueuesRequest,
  context: CallContext,
): ListDeadLetterSourceQueuesResult {
  const arn = queueArn(needQueue(input, context));
  const found = queuesOf(context).filter((queue) => redriveOf(queue)?.deadLetterTargetArn === arn);
  const { urls, next } = pageOfQueues(found, input);
  return { queueUrls: urls, ...(next !== undefined && { NextToken: next }) };
}

/** "You must set MaxResults to receive a value for NextToken in the response." */
function pageOfQueues(
  found: readonly StoredQueue[],
  { MaxResults: size, NextToken: token }: ListQueuesRequest,
): { readonly urls: string[]; readonly next: string | undefined } {
  if (size !== undefined && (!Number.isInteger(size) || size < 1 || size > PAGE)) {
    throw invalidParameter(`Value for parameter MaxResults is invalid. Reason: Must be an integer from 1 to ${PAGE}.`);
  }
  const refuse = (): Error => invalidParameter('Invalid or expired next token.');
  const { items, next } = pageOf(found, ({ name }) => name, { token, size: size ?? PAGE }, refuse);
  return { urls: items.map(queueUrl), next: size === undefined ? undefined : next };
}
