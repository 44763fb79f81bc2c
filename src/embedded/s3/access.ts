import type {
  CreateBucketRequest,
  DeleteObjectRequest,
  ListObjectsV2Request,
  PutObjectRequest,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { tagsFrom } from '../tags.ts';
import type { Tags } from '../tags.ts';
import type { BucketReference } from './buckets.ts';
import type { ObjectReference } from './get-object.ts';
import { bucketArn, buckets, objectArn, objectRow, objects } from './model.ts';

/** Actions, resources and condition keys of the Service Authorization Reference, "Amazon S3". */
export function onBucket<Input extends BucketReference>(
  action: string,
  more: (input: Input) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    action: `s3:${action}`,
    resource: ({ Bucket }) => bucketArn(Bucket),
    conditions: (input, context) => ({ ...ownerKeys(input, context), ...more(input) }),
  };
}

export function onObject<Input extends ObjectReference>(
  action: string,
  more: (input: Input) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    action: `s3:${action}`,
    resource: ({ Bucket, Key }) => objectArn(Bucket, Key),
    conditions: (input, context) => ({
      ...ownerKeys(input, context),
      ...existingTagKeys(input, context),
      ...more(input),
    }),
  };
}

/** Whose the bucket is, where there is one. */
function ownerKeys({ Bucket = '' }: BucketReference, { data }: CallContext): ConditionKeys {
  const account = data.get(buckets, Bucket)?.account;
  return account === undefined ? {} : { 'aws:ResourceAccount': account, 's3:ResourceAccount': account };
}

function existingTagKeys({ Bucket = '', Key = '' }: ObjectReference, { data }: CallContext): ConditionKeys {
  const { tags = {} } = data.get(objects(Bucket), objectRow(Key)) ?? {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}

export function createKeys({ CreateBucketConfiguration, BucketNamespace }: CreateBucketRequest): ConditionKeys {
  const { LocationConstraint: place } = CreateBucketConfiguration ?? {};
  return {
    ...(place !== undefined && { 's3:locationconstraint': place }),
    ...(BucketNamespace !== undefined && { 's3:x-amz-bucket-namespace': BucketNamespace }),
  };
}

export function listKeys({ Prefix, Delimiter, MaxKeys }: ListObjectsV2Request): ConditionKeys {
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
