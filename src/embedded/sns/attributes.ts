import { notEmbedded } from '../not-embedded.ts';
import { invalidParameter } from './errors.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';

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
    Policy: JSON.stringify(defaultPolicy(topic)),
    EffectiveDeliveryPolicy: JSON.stringify(DEFAULT_DELIVERY),
    SubscriptionsConfirmed: '0',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
  };
}

/** "By default, only the topic owner can publish or subscribe to the topic" (CreateTopic, Policy). */
function defaultPolicy(topic: StoredTopic): object {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: topicArn(topic),
        Condition: { StringEquals: { 'AWS:SourceOwner': topic.account } },
      },
    ],
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
