import type {
  CopyObjectRequest,
  CreateBucketRequest,
  DeleteObjectRequest,
  ListObjectVersionsRequest,
  ListObjectsV2Request,
  PutObjectRequest,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { tagsFrom } from '../tags.ts';
import type { Tags } from '../tags.ts';
import type { BucketReference } from './buckets.ts';
import type { ObjectReference } from './find-object.ts';
import { bucketArn, objectArn } from './model.ts';
import { objectKeys, ownerKeys, policyOfBucket, versioned } from './rights.ts';

/** Actions, resources and condition keys of the Service Authorization Reference, "Amazon S3". */
export function onBucket<Input extends BucketReference>(
  action: string,
  more: (input: Input) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    action: `s3:${action}`,
    resource: ({ Bucket }) => bucketArn(Bucket),
    conditions: (input, context) => ({ ...ownerKeys(input.Bucket, context), ...more(input) }),
    resourcePolicy: (_arn, { Bucket }, context) => policyOfBucket(Bucket, context),
  };
}

/** A bucket that is to be made has no policy yet, whoever has one of its name. */
export const toCreateBucket: Access<CreateBucketRequest> = {
  action: 's3:CreateBucket',
  resource: ({ Bucket }) => bucketArn(Bucket),
  conditions: createKeys,
};

export function onObject<Input extends ObjectReference>(
  action: string,
  more: (input: Input) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    actionOf: ({ VersionId }) => versioned(action, VersionId),
    resource: ({ Bucket, Key }) => objectArn(Bucket, Key),
    conditions: (input, context) => ({ ...objectKeys(input, context), ...more(input) }),
    resourcePolicy: (_arn, { Bucket }, context) => policyOfBucket(Bucket, context),
  };
}

function createKeys(
  { Bucket, CreateBucketConfiguration, BucketNamespace }: CreateBucketRequest,
  context: CallContext,
): ConditionKeys {
  const { LocationConstraint: place } = CreateBucketConfiguration ?? {};
  return {
    ...ownerKeys(Bucket, context),
    ...(place !== undefined && { 's3:locationconstraint': place }),
    ...(BucketNamespace !== undefined && { 's3:x-amz-bucket-namespace': BucketNamespace }),
  };
}

export function listKeys({
  Prefix,
  Delimiter,
  MaxKeys,
}: ListObjectsV2Request | ListObjectVersionsRequest): ConditionKeys {
  return {
    ...(Prefix !== undefined && { 's3:prefix': Prefix }),
    ...(Delimiter !== undefined && { 's3:delimiter': Delimiter }),
    ...(MaxKeys !== undefined && { 's3:max-keys': String(MaxKeys) }),
  };
}

export function conditionalKeys({
  IfMatch,
  IfNoneMatch,
}: Partial<PutObjectRequest & DeleteObjectRequest>): ConditionKeys {
  return {
    ...(IfMatch !== undefined && { 's3:if-match': IfMatch }),
    ...(IfNoneMatch !== undefined && { 's3:if-none-match': IfNoneMatch }),
  };
}

/** By condition key, the field of a request that writes an object. */
const WRITE_KEYS = {
  's3:x-amz-acl': 'ACL',
  's3:x-amz-copy-source': 'CopySource',
  's3:x-amz-metadata-directive': 'MetadataDirective',
  's3:x-amz-server-side-encryption': 'ServerSideEncryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  's3:x-amz-storage-class': 'StorageClass',
  's3:x-amz-website-redirect-location': 'WebsiteRedirectLocation',
} as const satisfies Readonly<Record<string, keyof CopyObjectRequest>>;

export function writeKeys(input: Partial<CopyObjectRequest>): ConditionKeys {
  const given = Object.entries(WRITE_KEYS).flatMap(([key, field]) => {
    const value = input[field];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(given), ...conditionalKeys(input) };
}

export function taggingKeys({ Tagging }: PutObjectTaggingRequest): ConditionKeys {
  return requestObjectTagKeys(tagsFrom(Tagging?.TagSet));
}

/** Tags that a request gives an object. */
export function requestObjectTagKeys(tags: Tags): ConditionKeys {
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  const each = Object.entries(tags).map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]);
  return { ...(Object.fromEntries(each) as ConditionKeys), 's3:RequestObjectTagKeys': keys };
}
