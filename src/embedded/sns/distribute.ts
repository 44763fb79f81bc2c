import { randomUUID } from 'node:crypto';
import { stage } from '../delivery/pending.ts';
import type { PendingDelivery } from '../delivery/pending.ts';
import type { CallContext } from '../service.ts';
import { functionEvent, queueEnvelope } from './envelope.ts';
import { fits, fitsBody } from './filter-match.ts';
import { parseFilterPolicy } from './filter-policy.ts';
import { keepMessage } from './kept-messages.ts';
import type { PublishedMessage } from './message.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';
import { deadLetterQueueOf } from './subscription-attributes.ts';
import { subscriptionsOf } from './subscription-model.ts';
import type { StoredSubscription } from './subscription-model.ts';

/** Keeps a message and stages it for every subscriber that wants it. @returns its id */
export function distribute(
  topic: StoredTopic,
  said: Pick<PublishedMessage, 'message' | 'subject' | 'attributes'>,
  { data, now, trace }: Pick<CallContext, 'data' | 'now' | 'trace'>,
): string {
  const message = { messageId: randomUUID(), at: now, ...said };
  keepMessage(topic, message, data);
  for (const subscription of subscriptionsOf(topic, data)) {
    if (isWanted(message, subscription)) stage({ ...deliveryOf(message, subscription, topic), trace }, data);
  }
  return message.messageId;
}

function isWanted(message: PublishedMessage, { filterPolicy, filterScope }: StoredSubscription): boolean {
  if (filterPolicy === undefined) return true;
  if (filterScope === 'MessageAttributes') return fits(parseFilterPolicy(filterPolicy, false), message.attributes);
  return fitsBody(parseFilterPolicy(filterPolicy, true), message.message);
}

/** SNS as the policies of functions and queues name it: the topic is the source. */
function deliveryOf(message: PublishedMessage, subscription: StoredSubscription, topic: StoredTopic): PendingDelivery {
  const envelope = JSON.stringify(queueEnvelope(message, subscription));
  const queueBody = subscription.raw ? message.message : envelope;
  const queue = subscription.redrivePolicy === undefined ? undefined : deadLetterQueueOf(subscription.redrivePolicy);
  return {
    target: subscription.endpoint,
    message: subscription.protocol === 'lambda' ? JSON.stringify(functionEvent(message, subscription)) : queueBody,
    ...(subscription.raw && { attributes: message.attributes }),
    due: message.at,
    principal: 'sns.amazonaws.com',
    sourceArn: topicArn(topic),
    sourceAccount: topic.account,
    ...(queue !== undefined && { deadLetter: { queue, message: queueBody } }),
  };
}
