import type { Aws } from '../../aws/clients.ts';
import { unknownFrom } from '../../aws/errors.ts';
import type { Permission, Place, Unknown } from '../../engine/types.ts';
import { bucketArn } from '../arns.ts';
import { entriesOf, overlap } from './entries.ts';
import type { Entry } from './entries.ts';
import { readConfiguration, readPermissions } from './store.ts';
import type { BucketNotificationProperties } from './types.ts';

/** The entry that is to be written, or is there already. */
export interface NotificationQuestion extends Pick<BucketNotificationProperties, 'Bucket' | 'Prefix' | 'Suffix'> {
  readonly Id: string;
  readonly Events: readonly string[];
}

/** What others have in the notification configuration of a bucket. */
export interface ForeignNotifications {
  /** In S3's order: to topics, to queues, to functions. */
  readonly entries: readonly Entry[];
  /** Of those: S3 refuses ours while they are there. */
  readonly overlapping: readonly Entry[];
}

/** `absent`: there is no such bucket. */
export type ReadForeignNotifications = (
  place: Place,
  asked: NotificationQuestion,
) => Promise<ForeignNotifications | 'absent' | Unknown>;

/** @throws AwsError for what concerns the whole command, such as credentials of another account. */
export function createForeignNotificationsReader(aws: Aws): ReadForeignNotifications {
  return async (place, { Id, Bucket: bucket, Events: events, Prefix: prefix = '', Suffix: suffix = '' }) => {
    try {
      const configuration = await readConfiguration(aws, { place, bucket });
      if (configuration === undefined) return 'absent';
      const entries = entriesOf(configuration).filter(({ id }) => id !== Id);
      return { entries, overlapping: entries.filter((entry) => overlap(entry, { events, prefix, suffix })) };
    } catch (error) {
      return unknownFrom(error);
    }
  };
}

/** What that takes. */
export function foreignNotificationsPermissions(place: Place, bucket: string): readonly Permission[] {
  return readPermissions(bucketArn(place, bucket));
}
