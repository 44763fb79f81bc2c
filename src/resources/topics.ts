import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
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
