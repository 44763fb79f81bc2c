import { GetSubscriptionAttributesCommand, SNSClient, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import type { Place } from '../engine/types.ts';

export interface TopicSubscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

/** Confirmed ones; the list may still show what is gone (`Deleted`), and what nobody has confirmed yet has no ARN. */
export async function subscriptionsOf(aws: Aws, place: Place, TopicArn: string): Promise<readonly TopicSubscription[]> {
  const client = await aws.client(SNSClient, place);
  const found: TopicSubscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
    for (const { SubscriptionArn: arn = '', Protocol: protocol = '', Endpoint: endpoint = '' } of Subscriptions) {
      if (arn.startsWith('arn:')) found.push({ arn, protocol, endpoint });
    }
  }
  return found;
}

/** Every attribute is text (GetSubscriptionAttributes, Attributes); undefined: it is gone. */
export async function subscriptionAttributes(
  aws: Aws,
  place: Place,
  SubscriptionArn: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const client = await aws.client(SNSClient, place);
  try {
    const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    return Attributes;
  } catch (error) {
    if (isAwsError(error, 'NotFoundException')) return undefined;
    throw error;
  }
}
