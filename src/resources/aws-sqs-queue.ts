import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SQSClient,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Observation, Present, Progress, ResourceType, Target } from '../engine/types.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { nameInArn } from './arns.ts';
import { EVENT_SOURCE_MAPPING } from './aws-lambda-event-source-mapping.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { SNS_SUBSCRIPTION } from './aws-sns-subscription.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { queueArn, queueUrl } from './queue-address.ts';
import { ATTRIBUTES, attributesOf, queueProperties } from './queue-properties.ts';
import type { QueueAttributeTexts, QueueProperties } from './queue-properties.ts';
import { removing } from './removal.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedPresent } from './tagged.ts';

export type { QueueProperties } from './queue-properties.ts';

export interface QueueAttributes {
  readonly Arn: string;
  readonly QueueUrl: string;
  readonly QueueName: string;
}

export const QUEUE = 'AWS::SQS::Queue';

/** CreateQueue: "You must wait at least one second after the queue is created to be able to use the queue". */
const USABLE_MS = 1_000;
const VISIBLE_AGAIN_MS = 2_000;
/** DeleteQueue: "you must wait at least 60 seconds before creating a queue with the same name". */
const NAME_AGAIN_MS = 20_000;

const ACTIONS: ActionsByUse = {
  read: ['GetQueueAttributes', 'ListQueueTags'],
  create: ['CreateQueue', 'TagQueue'],
  update: ['SetQueueAttributes', 'TagQueue', 'UntagQueue'],
  delete: ['DeleteQueue'],
  adopt: ['TagQueue'],
  release: ['UntagQueue'],
};

/** All that waits, is being worked on, or is held back for a while. */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

type QueueTarget = Target<QueueProperties>;

interface QueuePresent extends TaggedPresent<QueueProperties, QueueAttributes> {
  readonly texts: QueueAttributeTexts;
}

/** A standard queue with its messages, which nobody can make again: it is let go by default. */
export function createQueueType(aws: Aws): ResourceType<QueueProperties, QueueAttributes> {
  function clientFor({ place }: Pick<QueueTarget, 'place'>): Promise<SQSClient> {
    return aws.client(SQSClient, place);
  }

  async function observe(target: QueueTarget): Promise<Observation<QueueProperties, QueueAttributes>> {
    const { QueueName } = target.properties;
    const attributes = addressesOf(target);
    const { QueueUrl } = attributes;
    try {
      const client = await clientFor(target);
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes: texts = {} } = await client.send(command);
      const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
      const found = { resource: QueueName, properties: queueProperties(QueueName, texts), attributes };
      const present: QueuePresent = { ...taggedPresent(target, found, Tags), texts };
      return present;
    } catch (error) {
      return isAwsError(error, 'QueueDoesNotExist') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: QueueTarget): Promise<TagWriter> {
    const client = await clientFor(target);
    const { QueueUrl } = addressesOf(target);
    return {
      async add(tags) {
        await client.send(new TagQueueCommand({ QueueUrl, Tags: { ...tags } }));
      },
      async remove(keys) {
        await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: QUEUE,
    marker: 'tag',
    stateful: true,
    // What still runs would read and write on, and SNS leaves there what it could not deliver.
    removedAfter: [BUCKET_NOTIFICATION, EVENT_SOURCE_MAPPING, LAMBDA_FUNCTION, SNS_SUBSCRIPTION],
    managed: ['QueueName', ...ATTRIBUTES, 'Tags'],
    describe: ({ properties }) => properties.QueueName as string,
    predict: addressesOf,
    permissions: ({ place, properties }, use) =>
      permit('sqs', queueArn(place, knownText(properties.QueueName)), ACTIONS[use]),
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    /** CreateQueue succeeds on a queue that is the same in all that is asked for, tags included: so it is ours. */
    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      const { QueueName } = target.properties;
      const command = new CreateQueueCommand({
        QueueName,
        Attributes: attributesOf(target.properties),
        tags: { ...tagsAtCreate(target) },
      });
      try {
        await client.send(command);
      } catch (error) {
        if (isAwsError(error, 'QueueDeletedRecently')) {
          return { done: false, waiting: 'for the name of the deleted queue to be free', again: NAME_AGAIN_MS };
        }
        // Somebody was faster: the next look tells.
        if (!isAwsError(error, 'QueueNameExists')) throw error;
        return { done: false, waiting: 'for the queue to be seen', again: VISIBLE_AGAIN_MS };
      }
      return { done: false, waiting: 'for the queue to be usable', again: USABLE_MS };
    },

    async update(target, seen, differences): Promise<Progress> {
      return updateTagged(target, seen, await writerOf(target), async () => {
        const paths = differences.map(({ path }) => path);
        const Attributes = attributesOf(target.properties, paths);
        if (Object.keys(Attributes).length === 0) return;
        const client = await clientFor(target);
        await client.send(new SetQueueAttributesCommand({ QueueUrl: addressesOf(target).QueueUrl, Attributes }));
      });
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(found) {
      // A name with a dot is that of a FIFO queue.
      const QueueName = nameInArn(found.arn, queueArn(found.place, ''), /^[\w-]+$/);
      return QueueName === undefined ? undefined : locateTagged(found, QueueName, { QueueName }, observe);
    },

    async losses(_target, seen) {
      const count = messagesIn(seen);
      if (count === 0) return [];
      const extent = { create: 0, update: 0, delete: count, population: count };
      return [{ path: 'Messages', before: count, after: 0, extent }];
    },

    unattended(target, seen) {
      const count = messagesIn(seen);
      if (count === 0) return undefined;
      return {
        code: 'messages-left',
        message: `the queue ${target.properties.QueueName} holds ${count === 1 ? 'a message' : `${count} messages`}, and nothing that sees to them is declared any more`,
        hint: 'see to them first, while the document that declared it still stands: trueup fan-out redrive NAME for dead letters of a BucketFanOut',
        data: { queue: target.properties.QueueName, messages: count },
      };
    },

    async remove(target): Promise<Progress> {
      const client = await clientFor(target);
      const { QueueUrl } = addressesOf(target);
      return removing(() => client.send(new DeleteQueueCommand({ QueueUrl })), { gone: ['QueueDoesNotExist'] });
    },
  };
}

function messagesIn(seen: Present<QueueProperties, QueueAttributes>): number {
  const { texts } = seen as QueuePresent;
  return COUNTS.reduce((sum, name) => sum + Number(texts[name] ?? 0), 0);
}

function addressesOf({ place, properties: { QueueName } }: QueueTarget): QueueAttributes {
  return { Arn: queueArn(place, QueueName), QueueUrl: queueUrl(place, QueueName), QueueName };
}
