import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SQSClient,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type {
  Comparison,
  Draft,
  Observation,
  Permission,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../engine/types.ts';
import { SNS_SUBSCRIPTION } from './aws-sns-subscription.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { isInOurs, markerThrough, stampTag } from './container.ts';
import { OWNER_TAG } from './marker.ts';
import type { Tags } from './marker.ts';
import { permissionEffect } from './permission-effect.ts';
import { permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { isSamePolicy } from './policy-document.ts';
import { queueArn, queueNameIn } from './queue-address.ts';
import { removing } from './removal.ts';

/**
 * CloudFormation's properties of AWS::SQS::QueueInlinePolicy. The other type, AWS::SQS::QueuePolicy, is known by an id
 * that CloudFormation makes up, and so cannot be imported.
 */
export interface QueuePolicyProperties {
  /** The queue's URL. */
  readonly Queue: string;
  readonly PolicyDocument: Value;
}

export const QUEUE_POLICY = 'AWS::SQS::QueueInlinePolicy';

const STAMP = stampTag('Policy');

const ACTIONS: ActionsByUse = {
  read: ['GetQueueAttributes', 'ListQueueTags'],
  create: ['SetQueueAttributes', 'TagQueue'],
  update: ['SetQueueAttributes', 'TagQueue'],
  delete: ['SetQueueAttributes', 'UntagQueue'],
  adopt: [],
  release: [],
};

type PolicyTarget = Target<QueuePolicyProperties>;

/**
 * The policy of a queue. It is owned through the queue, and exclusive: who may send there is what git says. What was
 * applied last is stamped on the queue, because the policy has no tags of its own.
 */
export function createQueuePolicyType(aws: Aws): ResourceType<QueuePolicyProperties, Record<string, never>> {
  function clientFor({ place }: Pick<PolicyTarget, 'place'>): Promise<SQSClient> {
    return aws.client(SQSClient, place);
  }

  async function tagsOf(target: PolicyTarget): Promise<Tags> {
    const client = await clientFor(target);
    const { Tags: tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl: target.properties.Queue }));
    return tags;
  }

  async function observe(target: PolicyTarget): Promise<Observation<QueuePolicyProperties, Record<string, never>>> {
    const { Queue } = target.properties;
    try {
      const client = await clientFor(target);
      const command = new GetQueueAttributesCommand({ QueueUrl: Queue, AttributeNames: ['Policy'] });
      const text = (await client.send(command)).Attributes?.Policy;
      if (text === undefined || text === '') return { state: 'absent' };
      const tags = await tagsOf(target);
      return {
        state: 'present',
        resource: describe(Queue),
        properties: { Queue, PolicyDocument: JSON.parse(text) as Value },
        attributes: {},
        marker: markerThrough(target, tags[OWNER_TAG]),
        witness: true,
        applied: tags[STAMP],
        // The queue's own: what protects it moves in the same apply, and must not make the policy look moved.
        protected: false,
      };
    } catch (error) {
      return isAwsError(error, 'QueueDoesNotExist') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  /** The call replaces by the queue's name: nothing is done to a queue that is not ours any more. */
  async function refuseStrangers(target: PolicyTarget): Promise<void> {
    const owner = (await tagsOf(target))[OWNER_TAG];
    if (isInOurs(target, owner)) return;
    const name = queueNameIn(target.properties.Queue);
    throw new Error(`the queue ${name} is not ours (${owner ?? 'no marker'}): plan again`);
  }

  async function setPolicy({ place, properties }: PolicyTarget, Policy: string): Promise<void> {
    const client = await clientFor({ place });
    await client.send(new SetQueueAttributesCommand({ QueueUrl: properties.Queue, Attributes: { Policy } }));
  }

  async function write(target: PolicyTarget): Promise<Progress> {
    const { Queue, PolicyDocument } = target.properties;
    await refuseStrangers(target);
    await setPolicy(target, JSON.stringify(PolicyDocument));
    const client = await clientFor(target);
    await client.send(new TagQueueCommand({ QueueUrl: Queue, Tags: { [STAMP]: target.applied } }));
    return { done: true };
  }

  return {
    type: QUEUE_POLICY,
    marker: 'container',
    managed: ['Queue', 'PolicyDocument'],
    removedAfter: [BUCKET_NOTIFICATION, SNS_SUBSCRIPTION],
    fields: { Queue: 'immutable' },
    describe: ({ properties: { Queue } }) => describe(Queue),
    permissions: permissionsOf,
    exclusive: ({ properties }) => `sqs/${properties.Queue}/policy`,
    observe,

    compare(target, seen): Promise<Comparison> {
      const { Queue, PolicyDocument: wanted } = target.properties;
      const found = seen.properties.PolicyDocument ?? null;
      const isSame = isSamePolicy(found, wanted);
      return Promise.resolve({
        differences: isSame ? [] : [{ path: 'PolicyDocument', before: found, after: wanted }],
        effects: permissionEffect(target.address, subject(Queue), isSame ? [] : [[found, wanted]]),
      });
    },

    async foresee(draft) {
      const { Queue, PolicyDocument: document } = draft.properties;
      return { differences: [], effects: permissionEffect(draft.address, subject(Queue), [[undefined, document]]) };
    },

    create: write,
    update: write,

    async remove(target): Promise<Progress> {
      return removing(
        async () => {
          await refuseStrangers(target);
          const client = await clientFor(target);
          await client.send(new UntagQueueCommand({ QueueUrl: target.properties.Queue, TagKeys: [STAMP] }));
          await setPolicy(target, '');
        },
        { gone: ['QueueDoesNotExist'] },
      );
    },
  };
}

function nameIn(queue: unknown): string {
  return typeof queue === 'string' ? queueNameIn(queue) : '(known later)';
}

function describe(queue: unknown): string {
  return `${nameIn(queue)}/policy`;
}

/** Who gains permissions, as a plan tells it. */
function subject(queue: unknown): string {
  return `queue ${nameIn(queue)}`;
}

function permissionsOf({ place, properties }: Draft<QueuePolicyProperties>, use: Use): readonly Permission[] {
  const name = typeof properties.Queue === 'string' ? queueNameIn(properties.Queue) : '*';
  return permit('sqs', queueArn(place, name), ACTIONS[use]);
}
