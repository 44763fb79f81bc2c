import { CreateBucketCommand, GetBucketTaggingCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import type { BucketLocationConstraint, S3Client } from '@aws-sdk/client-s3';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import { physicalName } from '../../engine/identity.ts';
import type { Place } from '../../engine/types.ts';
import { OWNER_TAG, tagList } from '../marker.ts';
import type { Tags } from '../marker.ts';

/** Name of a bucket (S3 guide, "Bucket naming rules"). */
const MAX_NAME = 63;
/** The region whose buckets name no location. */
const NO_LOCATION = 'us-east-1';

export interface LeaseBucket {
  readonly name: string;
  readonly marker: string;
  readonly place: Place;
}

/** The bucket that trueup makes for its leases where Settings name none: of the account's own namespace (threats T67). */
export function leaseBucket(owner: string, place: Place): LeaseBucket {
  const suffix = `-${place.account}-${place.region}-an`;
  const name = physicalName({ owner, kind: 'Settings', name: 'trueup', logicalId: 'Lease' }, MAX_NAME - suffix.length);
  return { name: `${name}${suffix}`, marker: `${owner}/Settings/trueup/Lease`, place };
}

/** Is it there? Whose it is is not asked. */
export async function hasBucket(client: S3Client, { name, place }: LeaseBucket): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: place.account }));
    return true;
  } catch (error) {
    if (isAwsError(error, 'NotFound') || isAwsError(error, 'NoSuchBucket')) return false;
    throw error;
  }
}

/**
 * Makes it where it is missing, with its marker in the same call. Public access is blocked by default, and objects are
 * encrypted (S3, since 2023).
 *
 * @throws AwsError TU3015 for a bucket of that name that is not ours
 */
export async function ensureLeaseBucket(client: S3Client, bucket: LeaseBucket, tags: Tags): Promise<void> {
  const { name, marker, place } = bucket;
  if (!(await hasBucket(client, bucket))) {
    try {
      await client.send(
        new CreateBucketCommand({
          Bucket: name,
          BucketNamespace: 'account-regional',
          CreateBucketConfiguration: {
            ...(place.region !== NO_LOCATION && { LocationConstraint: place.region as BucketLocationConstraint }),
            Tags: tagList({ ...tags, [OWNER_TAG]: marker }),
          },
        }),
      );
      return;
    } catch (error) {
      // Another apply was faster, or the reply to an earlier try was lost.
      if (!isAwsError(error, 'BucketAlreadyOwnedByYou')) throw error;
    }
  }
  const { TagSet } = await client
    .send(new GetBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner: place.account }))
    .catch((error: unknown) => {
      if (!isAwsError(error, 'NoSuchTagSet')) throw error;
      return { TagSet: [] };
    });
  if (TagSet?.some(({ Key, Value }) => Key === OWNER_TAG && Value === marker)) return;
  throw new AwsError('TU3015', `the bucket ${name} exists and does not carry the marker ${marker}: it is not ours`, {
    hint: 'name another bucket in spec.lease of Settings, or give this one the tag trueup:owner with that value',
  });
}
