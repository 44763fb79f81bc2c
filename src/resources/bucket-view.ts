import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketRegionIn } from '../aws/bucket-region.ts';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Permission, Place, Unknown } from '../engine/types.ts';
import type { ListedObject } from '../fan-out/comparison.ts';
import { bucketArn } from './arns.ts';
import { listObjects } from './object-listing.ts';
import { permit } from './permissions.ts';

/** A bucket, and who looks at it. */
export interface BucketQuestion {
  readonly bucket: string;
  /** Must own it: S3 refuses otherwise (threats T67). */
  readonly owner: string;
  /** Account that asks, and region of the bucket. */
  readonly from: Place;
}

export interface BucketView {
  readonly state: 'present';
  /** `never`: no object of it ever had a version id. */
  readonly versioning: 'enabled' | 'suspended' | 'never';
}

/** The bucket is there, and in another region than it was looked for. */
export interface BucketElsewhere {
  readonly state: 'elsewhere';
  readonly region: string;
}

export type ReadBucket = (asked: BucketQuestion) => Promise<BucketView | BucketElsewhere | 'absent' | Unknown>;

/** By what a bucket encrypts where a request names nothing. */
export interface DefaultEncryption {
  readonly state: 'read';
  /** Id, ARN or alias of a KMS key, as the bucket names it; none: keys that S3 uses for everybody of the account. */
  readonly kmsKey?: string;
}

export type ReadDefaultEncryption = (asked: BucketQuestion) => Promise<DefaultEncryption | Unknown>;

/** The JSON of a bucket's policy; undefined: it has none. */
export type ReadBucketPolicy = (
  asked: BucketQuestion,
) => Promise<{ readonly state: 'read'; readonly policy: string | undefined } | Unknown>;

/** The first objects of a bucket, in the order of their keys; `isAll`: there are no more. */
export interface Listing {
  readonly state: 'listed';
  readonly objects: readonly ListedObject[];
  readonly isAll: boolean;
}

export type ListBucket = (asked: BucketQuestion, prefix: string, most: number) => Promise<Listing | Unknown>;

/** The AWS managed key, which all of its account may use through S3. */
const MANAGED_KEY = /(?:^|:)alias\/aws\/s3$/;

/** Asks once for each bucket. */
export function createBucketReader(aws: Aws): ReadBucket {
  return remembering(async ({ bucket, owner, from }) => {
    try {
      const client = await aws.client(S3Client, from);
      const command = new GetBucketVersioningCommand({ Bucket: bucket, ExpectedBucketOwner: owner });
      const { Status } = await client.send(command);
      const versioning = Status === 'Enabled' ? 'enabled' : Status === 'Suspended' ? 'suspended' : 'never';
      return { state: 'present', versioning };
    } catch (error) {
      const region = bucketRegionIn(error);
      if (region !== undefined) return { state: 'elsewhere', region };
      return isAwsError(error, 'NoSuchBucket') ? 'absent' : unknownFrom(error);
    }
  });
}

export function createDefaultEncryptionReader(aws: Aws): ReadDefaultEncryption {
  return remembering(async ({ bucket, owner, from }) => {
    try {
      const client = await aws.client(S3Client, from);
      const command = new GetBucketEncryptionCommand({ Bucket: bucket, ExpectedBucketOwner: owner });
      const { ServerSideEncryptionConfiguration: found } = await client.send(command);
      const key = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
      return { state: 'read', ...(key !== undefined && !MANAGED_KEY.test(key) && { kmsKey: key }) };
    } catch (error) {
      return unknownFrom(error);
    }
  });
}

export function createBucketPolicyReader(aws: Aws): ReadBucketPolicy {
  return remembering(async ({ bucket, owner, from }) => {
    try {
      const client = await aws.client(S3Client, from);
      const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket: bucket, ExpectedBucketOwner: owner }));
      return { state: 'read', policy: Policy };
    } catch (error) {
      if (isAwsError(error, 'NoSuchBucketPolicy')) return { state: 'read', policy: undefined };
      return unknownFrom(error);
    }
  });
}

export function createBucketLister(aws: Aws): ListBucket {
  return async ({ bucket, owner, from }, prefix, most) => {
    const objects: ListedObject[] = [];
    let isAll = false;
    try {
      const client = await aws.client(S3Client, from);
      for await (const page of listObjects(client, { bucket, owner, prefix, most })) {
        objects.push(...page.objects);
        isAll = page.isLast;
      }
      return { state: 'listed', objects, isAll };
    } catch (error) {
      return unknownFrom(error);
    }
  };
}

/** What these take, all together. */
export function bucketViewPermissions({ bucket, from }: BucketQuestion): readonly Permission[] {
  return permit('s3', bucketArn(from, bucket), [
    'GetBucketPolicy',
    'GetBucketVersioning',
    'GetEncryptionConfiguration',
    'ListBucket',
  ]);
}

function remembering<Answer>(
  ask: (asked: BucketQuestion) => Promise<Answer>,
): (asked: BucketQuestion) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (question) => {
    const answer = asked.get(question.bucket) ?? ask(question);
    asked.set(question.bucket, answer);
    return answer;
  };
}
