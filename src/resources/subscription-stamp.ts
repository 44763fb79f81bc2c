import { ListQueueTagsCommand, SQSClient, TagQueueCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import { withoutMetadata } from '../engine/applied.ts';
import type { Permission, Place } from '../engine/types.ts';
import { arn } from './arns.ts';
import { stampTag } from './container.ts';
import { functionTag } from './function-tag.ts';
import { permit } from './permissions.ts';
import { queueUrl } from './queue-address.ts';

/**
 * What was applied last of a subscription, which has no tags: it stands on its endpoint. A topic takes 50 tags, and may
 * tell more endpoints than that.
 */

const STAMP = stampTag('Subscription');

/** Calls about the tags of a function or a queue. */
const ACTIONS = {
  lambda: { service: 'lambda', read: 'ListTags', write: 'TagResource' },
  sqs: { service: 'sqs', read: 'ListQueueTags', write: 'TagQueue' },
} as const;

/** undefined: none, or the endpoint is gone. @throws the SDK's error where that cannot be seen */
export function readSubscriptionStamp(aws: Aws, place: Place, endpoint: string): Promise<string | undefined> {
  return ifThere(async () => {
    const name = nameAt(place, endpoint);
    if (name === undefined) return undefined;
    if (serviceOf(endpoint) === 'lambda') return (await functionTag(aws, place, name, STAMP)).read();
    const client = await aws.client(SQSClient, place);
    const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl: queueUrl(place, name) }));
    return Tags[STAMP];
  });
}

export function writeSubscriptionStamp(aws: Aws, place: Place, endpoint: string, applied: string): Promise<void> {
  const stamp = withoutMetadata(applied);
  return ifThere(async () => {
    const name = nameAt(place, endpoint);
    if (name === undefined) return;
    if (serviceOf(endpoint) === 'lambda') return (await functionTag(aws, place, name, STAMP)).write(stamp);
    const client = await aws.client(SQSClient, place);
    await client.send(new TagQueueCommand({ QueueUrl: queueUrl(place, name), Tags: { [STAMP]: stamp } }));
  }).then(() => undefined);
}

/** What that takes. */
export function subscriptionStampPermissions(endpoint: string, use: 'read' | 'write'): readonly Permission[] {
  const { service, ...names } = ACTIONS[serviceOf(endpoint)];
  return permit(service, endpoint, [names[use]]);
}

function serviceOf(endpoint: string): keyof typeof ACTIONS {
  return endpoint.split(':')[2] === 'sqs' ? 'sqs' : 'lambda';
}

/** Of an endpoint in the topic's own place: one elsewhere is not ours to tag. */
function nameAt(place: Place, endpoint: string): string | undefined {
  const beginning = serviceOf(endpoint) === 'sqs' ? arn('sqs', place, '') : arn('lambda', place, 'function:');
  return endpoint.startsWith(beginning) ? endpoint.slice(beginning.length) : undefined;
}

async function ifThere<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException') || isAwsError(error, 'QueueDoesNotExist')) return undefined;
    throw error;
  }
}
