import type {
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { accessDenied, noSuchBucket, s3Error } from './errors.ts';
import { buckets, objects } from './model.ts';
import { dropUploads } from './multipart/model.ts';
import type { StoredBucket } from './model.ts';
import { notifications } from './notification-model.ts';
import { pasts } from './versions.ts';

/** How every call about a bucket or its objects names it. */
export interface BucketReference {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

const ACCOUNT_ID = /^\d{12}$/;

/**
 * The bucket that a call means.
 *
 * @throws NoSuchBucket, PermanentRedirect from another region, AccessDenied for an owner that was not expected and for
 *   somebody else's bucket that has no policy.
 */
export function bucketFor(reference: BucketReference, context: CallContext): StoredBucket {
  const bucket = bucketAnywhere(reference, context);
  if (bucket.region === context.region) return bucket;
  throw s3Error(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name },
  );
}

/** The bucket of a name in whatever region, such as the source of a copy. */
export function bucketAnywhere(
  { Bucket: name = '', ExpectedBucketOwner: expected }: BucketReference,
  context: CallContext,
): StoredBucket {
  const bucket = context.data.get(buckets, name);
  if (bucket === undefined) throw noSuchBucket(name);
  if (expected !== undefined && !ACCOUNT_ID.test(expected)) {
    throw s3Error(
      'InvalidBucketOwnerAWSAccountID',
      'The value of the expected bucket owner parameter must be an AWS account ID.',
    );
  }
  if (expected !== undefined && expected !== bucket.account) throw accessDenied();
  if (bucket.account !== context.caller.account && bucket.policy === undefined) throw accessDenied();
  return bucket;
}

export function headBucket(input: HeadBucketRequest, context: CallContext): HeadBucketOutput {
  return { BucketRegion: bucketFor(input, context).region, AccessPointAlias: false };
}

/** us-east-1 answers for every region; a bucket there has no LocationConstraint. */
export function getBucketLocation(input: GetBucketLocationRequest, context: CallContext): GetBucketLocationOutput {
  const find = context.region === 'us-east-1' ? bucketAnywhere : bucketFor;
  const { region } = find(input, context);
  return region === 'us-east-1' ? {} : { LocationConstraint: region as GetBucketLocationOutput['LocationConstraint'] };
}

export function deleteBucket(input: DeleteBucketRequest, context: CallContext): object {
  const bucket = bucketFor(input, context);
  const { name } = bucket;
  if (context.data.size(objects(name)) + context.data.size(pasts(name)) > 0) {
    throw s3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
  }
  dropUploads(bucket, context.data);
  context.data.delete(buckets, name);
  context.data.delete(notifications, name);
  return {};
}
