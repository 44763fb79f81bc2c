import { SNSClient, TagResourceCommand } from '@aws-sdk/client-sns';
import type { Aws } from '../../aws/clients.ts';
import { withoutMetadata } from '../../engine/applied.ts';
import type { Permission, Target } from '../../engine/types.ts';
import { stampTag } from '../container.ts';
import { permit } from '../permissions.ts';
import { isTopicGone, tagsOfTopic } from '../sns-topic.ts';
import type { BucketNotificationProperties } from './types.ts';

/** What was applied last of an entry, which has no tags: it stands on the topic that it tells. */

type NotificationTarget = Target<BucketNotificationProperties>;

/** undefined: none, or the topic is gone, or nobody declares one. @throws the SDK's error where that cannot be seen */
export async function readStamp(aws: Aws, target: NotificationTarget): Promise<string | undefined> {
  const { TopicArn } = target.properties as Partial<BucketNotificationProperties>;
  if (TopicArn === undefined) return undefined;
  try {
    return (await tagsOfTopic(aws, target.place, TopicArn))[keyOf(target)];
  } catch (error) {
    if (isTopicGone(error)) return undefined;
    throw error;
  }
}

export async function writeStamp(aws: Aws, target: NotificationTarget): Promise<void> {
  const client = await aws.client(SNSClient, target.place);
  const Tags = [{ Key: keyOf(target), Value: withoutMetadata(target.applied) }];
  try {
    await client.send(new TagResourceCommand({ ResourceArn: target.properties.TopicArn, Tags }));
  } catch (error) {
    if (!isTopicGone(error)) throw error;
  }
}

export function stampReadPermissions(topic: string): readonly Permission[] {
  return permit('sns', topic, ['ListTagsForResource']);
}

export function stampWritePermissions(topic: string): readonly Permission[] {
  return permit('sns', topic, ['TagResource']);
}

/** By the logical id, which no rename of the document moves: a topic may hear of several buckets. */
function keyOf({ address }: NotificationTarget): string {
  return stampTag(address.slice(address.lastIndexOf('/') + 1));
}
