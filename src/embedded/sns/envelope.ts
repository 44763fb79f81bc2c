import { createHash } from 'node:crypto';
import type { PublishedMessage } from './message.ts';
import { subscriptionArn } from './subscription-model.ts';
import type { StoredSubscription } from './subscription-model.ts';

/** SNS signs with RSA; here a hash stands in its place, which nobody can check. */
function signatureOf({ messageId }: PublishedMessage): string {
  return createHash('sha512').update(`embedded ${messageId}`).digest('base64');
}

function links(subscription: StoredSubscription): { readonly certificate: string; readonly unsubscribe: string } {
  const host = `https://sns.${subscription.topicArn.split(':')[3]}.amazonaws.com`;
  return {
    certificate: `${host}/SimpleNotificationService-embedded.pem`,
    unsubscribe: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn(subscription)}`,
  };
}

function attributesOf({ attributes }: PublishedMessage): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, Value]) => [name, { Type: 'String', Value }]));
}

/** What a queue gets (developer guide, "Amazon SNS message and JSON formats"). */
export function queueEnvelope(message: PublishedMessage, subscription: StoredSubscription): object {
  const { certificate, unsubscribe } = links(subscription);
  return {
    Type: 'Notification',
    MessageId: message.messageId,
    TopicArn: subscription.topicArn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: message.message,
    Timestamp: new Date(message.at).toISOString(),
    SignatureVersion: '1',
    Signature: signatureOf(message),
    SigningCertURL: certificate,
    UnsubscribeURL: unsubscribe,
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: attributesOf(message) }),
  };
}

/** What a function is invoked with (Lambda developer guide, "Using Lambda with Amazon SNS"). */
export function functionEvent(message: PublishedMessage, subscription: StoredSubscription): object {
  const { certificate, unsubscribe } = links(subscription);
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscriptionArn(subscription),
    Sns: {
      Type: 'Notification',
      MessageId: message.messageId,
      TopicArn: subscription.topicArn,
      Subject: message.subject ?? null,
      Message: message.message,
      Timestamp: new Date(message.at).toISOString(),
      SignatureVersion: '1',
      Signature: signatureOf(message),
      SigningCertUrl: certificate,
      UnsubscribeUrl: unsubscribe,
      MessageAttributes: attributesOf(message),
    },
  };
  return { Records: [record] };
}
