import type { CreateBucketOutput, CreateBucketRequest } from '@aws-sdk/client-s3';
import { requireTagging } from '../iam/authorize.ts';
import type { CallContext } from '../service.ts';
import { checkBucketName } from './bucket-name.ts';
import { s3Error } from './errors.ts';
import { bucketArn, buckets } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { bucketTags } from './tag-sets.ts';

/** Lists of grants; beside them object locks and owners of objects other than the bucket's are refused. */
const NOT_EMBEDDED = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'];

/** "All new buckets have S3 Block Public Access enabled by default" (User Guide, since April 2023). */
const BLOCK_ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** "Amazon S3 applies server-side encryption with S3 managed keys as the base level" (User Guide). */
const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false }],
};

const IAM = { actionPrefix: 's3', deniedName: 'AccessDenied' } as const;

export function createBucket(input: CreateBucketRequest, context: CallContext): CreateBucketOutput {
  refuseFields(input, NOT_EMBEDDED);
  if (input.ACL !== 'private') refuseFields(input, ['ACL']);
  if (input.ObjectLockEnabledForBucket === true) refuseFields(input, ['ObjectLockEnabledForBucket']);
  if (input.ObjectOwnership !== 'BucketOwnerEnforced') refuseFields(input, ['ObjectOwnership']);
  const {
    CreateBucketConfiguration: configuration = {},
    Bucket: name = '',
    BucketNamespace: namespace = 'global',
  } = input;
  refuseFields(configuration, ['Location', 'Bucket']);
  const { account } = context.caller;
  const region = placeOf(configuration.LocationConstraint, context.region);
  checkBucketName(name, namespace, { account, region });
  const tags = bucketTags(configuration.Tags);
  requireTagging(IAM, bucketArn(name), tags, context);
  const isRegional = namespace === 'account-regional';
  const Location = isRegional || region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`;
  if (isThere(name, region, context)) return { Location };
  context.data.put(buckets, name, {
    account,
    region,
    name,
    created: context.now,
    namespace,
    tags,
    publicAccessBlock: BLOCK_ALL,
    encryption: DEFAULT_ENCRYPTION,
  });
  return { Location };
}

/** Any region can be made from us-east-1, which has no LocationConstraint itself; elsewhere only the endpoint's own. */
function placeOf(constraint: string | undefined, endpoint: string): string {
  if (endpoint === 'us-east-1') {
    if (constraint === 'us-east-1') {
      throw s3Error('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
        LocationConstraint: constraint,
      });
    }
    return constraint === 'EU' ? 'eu-west-1' : (constraint ?? 'us-east-1');
  }
  if (constraint === endpoint || (constraint === 'EU' && endpoint === 'eu-west-1')) return endpoint;
  throw s3Error(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/**
 * "For legacy compatibility, if you re-create an existing bucket that you already own in the North Virginia Region,
 * Amazon S3 returns 200 OK": nothing of it is changed.
 *
 * @throws BucketAlreadyExists, BucketAlreadyOwnedByYou
 */
function isThere(name: string, region: string, { data, caller }: CallContext): boolean {
  const found = data.get(buckets, name);
  if (found === undefined) return false;
  if (found.account !== caller.account) {
    throw s3Error(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
      { BucketName: name },
    );
  }
  if (found.region === 'us-east-1' && region === 'us-east-1') return true;
  throw s3Error(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    409,
    { BucketName: name },
  );
}
