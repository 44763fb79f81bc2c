import { notEmbedded } from '../not-embedded.ts';
import { invalidParameter } from './errors.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';
import { policyOf } from './policy.ts';

const MAX_DISPLAY_NAME = 100;

/** What CreateTopic is given; undefined: no display name. Other attributes are refused by name. */
export function readDisplayName(attributes: Readonly<Record<string, string>>): string | undefined {
  const foreign = Object.keys(attributes).find((name) => name !== 'DisplayName');
  if (foreign !== undefined) throw notEmbedded(`attribute ${foreign} of topics`);
  const { DisplayName: name } = attributes;
  if ((name ?? '').length > MAX_DISPLAY_NAME) throw invalidParameter('Attributes', 'Display name too long');
  return name;
}

/** Every attribute is text (GetTopicAttributes, Attributes). */
export function attributesOf(topic: StoredTopic): Record<string, string> {
  return {
    TopicArn: topicArn(topic),
    Owner: topic.account,
    DisplayName: topic.displayName,
    Policy: policyOf(topic),
    EffectiveDeliveryPolicy: JSON.stringify(DEFAULT_DELIVERY),
    SubscriptionsConfirmed: '0',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
  };
}

/** Developer guide, "Amazon SNS message delivery retries": the default of HTTP/S endpoints. */
const DEFAULT_DELIVERY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
};
