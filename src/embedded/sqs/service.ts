import type { CreateQueueRequest, TagQueueRequest, UntagQueueRequest } from '@aws-sdk/client-sqs';
import { read, write } from '../service.ts';
import type { Access, CallContext, ResourcePolicy, Service } from '../service.ts';
import { requestTagKeys } from '../tags.ts';
import { clockwork } from './clockwork.ts';
import { throttled } from './errors.ts';
import { IAM, arnBehindUrl, queueArn, queuePolicy, queueTagKeys } from './model.ts';
import type { QueueReference } from './model.ts';
import { listQueueTags, tagQueue, taggedQueues, untagQueue } from './queue-tags.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSources,
  listQueues,
  placeByName,
  purgeQueue,
  setQueueAttributes,
} from './queues.ts';
import { receiveMessage } from './receive.ts';
import { changeVisibility, changeVisibilityBatch, deleteMessage, deleteMessageBatch } from './received.ts';
import { sendMessage, sendMessageBatch } from './send.ts';

const conditions = (input: QueueReference, context: CallContext) => queueTagKeys(arnBehindUrl(input), context);

/** An action that a queue's policy can give to other accounts too. */
const onQueue: Access<QueueReference> = {
  resource: arnBehindUrl,
  conditions,
  resourcePolicy: (arn, _input, context) => queuePolicy(arn, context),
};

/** "Cross-account permissions don't apply to this action": whatever the policy says, others stay outside. */
const onOwnQueue: Access<QueueReference> = {
  ...onQueue,
  resourcePolicy(arn, _input, context): ResourcePolicy | undefined {
    const policy = queuePolicy(arn, context);
    const isAbroad = policy !== undefined && policy.account !== context.caller.account;
    return isAbroad ? { ...policy, document: undefined } : policy;
  },
};

/** A batch needs the permission of the single action. */
function as(command: string): Access<QueueReference> {
  return { ...onQueue, action: `sqs:${command}` };
}

const toCreate: Access<CreateQueueRequest> = {
  resource: ({ QueueName: name = '' }, { caller, region }) => queueArn({ account: caller.account, region, name }),
  conditions: ({ tags }) => requestTagKeys(tags ?? {}),
};

/**
 * Standard queues as the API reference and the developer guide of SQS describe them. Everything is exact here that is
 * approximate there: messages come in order, once, and counts are those of now. Not modelled: FIFO queues, encryption
 * with KMS, message move tasks, AddPermission.
 */
export const sqs: Service = {
  ...IAM,
  eventSource: 'sqs.amazonaws.com',
  // CloudTrail records neither (developer guide, "Logging Amazon SQS API calls": its log entries).
  secretFields: ['MessageBody', 'MessageAttributes', 'Entries'],
  throttled,
  operations: {
    ChangeMessageVisibility: write(changeVisibility, onQueue),
    ChangeMessageVisibilityBatch: write(changeVisibilityBatch, as('ChangeMessageVisibility')),
    CreateQueue: write(createQueue, toCreate),
    DeleteMessage: write(deleteMessage, onQueue),
    DeleteMessageBatch: write(deleteMessageBatch, as('DeleteMessage')),
    DeleteQueue: write(deleteQueue, onOwnQueue),
    GetQueueAttributes: read(getQueueAttributes, onQueue),
    GetQueueUrl: read(getQueueUrl, {
      resource: (input, context) => queueArn(placeByName(input, context)),
      conditions: (input, context) => queueTagKeys(queueArn(placeByName(input, context)), context),
      resourcePolicy: (arn, _input, context) => queuePolicy(arn, context),
    }),
    ListDeadLetterSourceQueues: read(listDeadLetterSources, onQueue),
    ListQueueTags: read(listQueueTags, onOwnQueue),
    ListQueues: read(listQueues),
    PurgeQueue: write(purgeQueue, onQueue),
    ReceiveMessage: write(receiveMessage, onQueue),
    SendMessage: write(sendMessage, onQueue),
    SendMessageBatch: write(sendMessageBatch, as('SendMessage')),
    SetQueueAttributes: write(setQueueAttributes, onOwnQueue),
    TagQueue: write(tagQueue, {
      ...onOwnQueue,
      conditions: (input: TagQueueRequest, context) => ({
        ...conditions(input, context),
        ...requestTagKeys(input.Tags ?? {}),
      }),
    }),
    UntagQueue: write(untagQueue, {
      ...onOwnQueue,
      conditions: (input: UntagQueueRequest, context) => ({
        ...conditions(input, context),
        ...requestTagKeys(input.TagKeys ?? []),
      }),
    }),
  },
  clockwork,
  tagged: taggedQueues,
};
