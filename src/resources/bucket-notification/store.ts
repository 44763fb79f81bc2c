import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError } from '../../aws/errors.ts';
import type { Permission, Place } from '../../engine/types.ts';
import { permit } from '../permissions.ts';

/** Whose bucket it must be (threats T67), and where it is. */
export interface BucketAt {
  readonly place: Place;
  readonly bucket: string;
}

/** The whole notification configuration; undefined: there is no such bucket. */
export async function readConfiguration(
  aws: Aws,
  { place, bucket }: BucketAt,
): Promise<NotificationConfiguration | undefined> {
  const client = await aws.client(S3Client, place);
  try {
    const { $metadata: _metadata, ...configuration } = await client.send(
      new GetBucketNotificationConfigurationCommand({ Bucket: bucket, ExpectedBucketOwner: place.account }),
    );
    return configuration;
  } catch (error) {
    if (isAwsError(error, 'NoSuchBucket')) return undefined;
    throw error;
  }
}

/**
 * Replaces the whole configuration.
 *
 * @param isTrusted S3 asks no destination whether it takes its word: it would send each a test message, and one that is
 *   broken would stop us.
 */
export async function writeConfiguration(
  aws: Aws,
  { place, bucket }: BucketAt,
  configuration: NotificationConfiguration,
  isTrusted: boolean,
): Promise<void> {
  const client = await aws.client(S3Client, place);
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      ExpectedBucketOwner: place.account,
      NotificationConfiguration: configuration,
      ...(isTrusted && { SkipDestinationValidation: true }),
    }),
  );
}

export function readPermissions(bucketArn: string): readonly Permission[] {
  return permit('s3', bucketArn, ['GetBucketNotification']);
}

export function writePermissions(bucketArn: string): readonly Permission[] {
  return permit('s3', bucketArn, ['PutBucketNotification']);
}
