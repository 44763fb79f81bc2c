import { notEmbedded } from '../not-embedded.ts';
import type { Transaction } from '../store/database.ts';
import { invalidParameter } from './errors.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';
import { checkPolicy, policyOf } from './policy.ts';
import { subscriptionsOf } from './subscription-model.ts';

const MAX_DISPLAY_NAME = 100;

/** What can be said of a topic; undefined: it was not. */
export interface TopicAttributes {
  readonly displayName?: string;
  /** JSON. */
  readonly policy?: string;
}

/**
 * Attributes that CreateTopic or SetTopicAttributes is given.
 *
 * @throws NotEmbedded for any but DisplayName and Policy, InvalidParameterException for a value that SNS does not take
 */
export function readAttributes(attributes: Readonly<Record<string, string>>): TopicAttributes {
  const { DisplayName: displayName, Policy: policy, ...others } = attributes;
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) throw notEmbedded(`attribute ${foreign} of topics`);
  if ((displayName ?? '').length > MAX_DISPLAY_NAME) throw invalidParameter('Attributes', 'Display name too long');
  return {
    ...(displayName !== undefined && { displayName }),
    ...(policy !== undefined && { policy: checkPolicy(policy) }),
  };
}

/** Every attribute is text (GetTopicAttributes, Attributes). */
export function attributesOf(topic: StoredTopic, data: Transaction): Record<string, string> {
  return {
    TopicArn: topicArn(topic),
    Owner: topic.account,
    DisplayName: topic.displayName,
    Policy: policyOf(topic),
    EffectiveDeliveryPolicy: JSON.stringify(DEFAULT_DELIVERY),
    SubscriptionsConfirmed: String(subscriptionsOf(topic, data).length),
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
