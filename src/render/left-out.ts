import type { BucketNotificationProperties } from '../resources/bucket-notification/types.ts';
import type { RecordSetsProperties } from '../resources/record-sets/types.ts';
import type { ScheduledInstancesProperties } from '../resources/scheduled-instances/types.ts';
import type { Declaration } from './rows.ts';

/** The records of a mirror: the primary has them, and no template. */
export function recordsLeftOut({ document, properties }: Declaration): string {
  const { Source, Rules } = properties as unknown as RecordSetsProperties;
  const print = `trueup zone export ${document.name} prints them as a master file`;
  return Rules.Mode === 'live'
    ? `the records of ${Source.Domain} come from its primary: the function writes them on, in a stack too; ${print}`
    : `the records of ${Source.Domain} come from its primary, and only an apply writes them (records: reviewed): they stay as they are; ${print}`;
}

/** Tags on instances that others made. */
export function scheduleTagsLeftOut({ desired, properties }: Declaration): string {
  const { TagKey } = properties as unknown as ScheduledInstancesProperties;
  const { account, region } = desired.place;
  return `the tags ${TagKey} of instances in ${account} ${region} stand on objects that others made: a template has none of them. The function goes by them, and they stay until an apply removes the document; an instance whose tag trueup:stamped is deleted before keeps its schedule`;
}

/** One entry in the notification configuration of a bucket that no template has. */
export function notificationLeftOut({ name, properties }: Declaration): string {
  const { Bucket } = properties as unknown as BucketNotificationProperties;
  return `CloudFormation knows the notification configuration of a bucket as one property of that bucket, with every entry of others in it. The entry ${name.slice(Bucket.length + 1)} of ${Bucket} stays as it is, and the topic goes on hearing of objects, until an apply removes the document; then add an entry of your own to what this prints, and write all of it back: aws s3api get-bucket-notification-configuration --bucket ${Bucket}`;
}
