import { GetTopicAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws, Manner } from '../aws/clients.ts';
import { AwsError, isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Permission, Place, Unknown } from '../engine/types.ts';
import { permit } from './permissions.ts';

/** Whether an SNS topic exists. */
export type TopicState = 'present' | 'absent' | Unknown;

/** Whether the topic of an ARN exists; `place` is the topic's own account and region. */
export type ReadTopic = (place: Place, arn: string) => Promise<TopicState>;

/** The topic's account is none of Settings, or names no role by which it could be entered: nothing is asked. */
const NO_WAY_IN: readonly string[] = ['TU2002', 'TU2003'];

/** Asks once for each topic, however many documents name it. */
export function createTopicReader(aws: Aws): ReadTopic {
  const asked = new Map<string, Promise<TopicState>>();
  return (place, arn) => {
    const state = asked.get(arn) ?? readTopic(aws, place, arn);
    asked.set(arn, state);
    return state;
  };
}

/** What that takes. */
export function topicPermissions(arn: string): readonly Permission[] {
  return permit('sns', arn, ['GetTopicAttributes']);
}

/** Words for a topic, with attributes of the type String. */
export interface Publication {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Publishes on a topic of whatever account and region its ARN names.
 * @throws AwsError where the account cannot be entered; the SDK's error for what SNS refuses
 */
export async function publishOn(
  aws: Aws,
  arn: string,
  { subject, message, attributes }: Publication,
  manner?: Manner,
): Promise<void> {
  const client = await aws.client(SNSClient, topicPlace(arn), manner);
  await client.send(
    new PublishCommand({
      TopicArn: arn,
      Subject: subject,
      Message: message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
      ),
    }),
  );
}

/** What that takes. */
export function publishPermissions(arn: string): readonly Permission[] {
  return permit('sns', arn, ['Publish']);
}

/** Of `arn:PARTITION:sns:REGION:ACCOUNT:NAME`, whose form the schema of Settings holds. */
export function topicPlace(arn: string): Place & { readonly name: string } {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return { account, region, name };
}

/** @throws AwsError for what concerns the whole command, such as credentials of another account. */
async function readTopic(aws: Aws, place: Place, arn: string): Promise<TopicState> {
  try {
    const client = await aws.client(SNSClient, place);
    await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    return 'present';
  } catch (error) {
    if (isAwsError(error, 'NotFoundException')) return 'absent';
    if (error instanceof AwsError && NO_WAY_IN.includes(error.code)) {
      return { state: 'unknown', reason: 'denied', detail: error.message };
    }
    return unknownFrom(error);
  }
}
