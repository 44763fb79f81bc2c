import type { Identity } from '../../engine/identity.ts';
import type { Draft } from '../../engine/types.ts';

/** Our one entry in the notification configuration of a bucket, which others write to as well. */
export const BUCKET_NOTIFICATION = 'Trueup::S3::BucketNotification';

export interface BucketNotificationProperties {
  readonly Bucket: string;
  readonly TopicArn: string;
  /** `s3:ObjectCreated:*`; their order means nothing. */
  readonly Events: readonly string[];
  /** What keys begin with, as they are: S3's own encoding of rules is nobody else's concern. Empty or none: anything. */
  readonly Prefix?: string;
  /** What keys end with. */
  readonly Suffix?: string;
}

export interface BucketNotificationAttributes {
  /** The entry's own: `configurationId` of its events. */
  readonly Id: string;
}

/**
 * The entry's id is its marker under the first name of its document and of its owner, so that no rename moves it. S3
 * takes 255 characters (API reference, TopicConfiguration), and no marker has as many.
 */
export function notificationId({ owner, kind, name, logicalId }: Identity): string {
  return `${owner}/${kind}/${name}/${logicalId}`;
}

/** Of a desired resource. */
export function notificationIdOf({
  owner,
  firstOwner = owner,
  address,
  named = address,
}: Pick<Draft, 'owner' | 'firstOwner' | 'address' | 'named'>): string {
  return `${firstOwner}/${named}`;
}

/** `owner/Kind/name/LogicalId`: nobody's id has this form by chance. */
const MARKER = /^[a-z0-9-]+\/[A-Z][A-Za-z]*\/[a-z0-9-]+\/[A-Za-z0-9]+$/;

/** Is it the id of an entry that some estate of trueup has, ours or another one? */
export function isEstateId(id: string): boolean {
  return MARKER.test(id);
}
