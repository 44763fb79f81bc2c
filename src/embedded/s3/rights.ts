import { demand } from '../iam/authorize.ts';
import { parsePolicy } from '../iam/policy/parse.ts';
import type { CallContext, ConditionKeys, ResourcePolicy } from '../service.ts';
import type { ObjectReference } from './find-object.ts';
import { bucketArn, buckets, objectArn } from './model.ts';
import { isPublic } from './public-policy.ts';
import { currentObject, findVersion } from './versions.ts';

/** Actions on one version have names of their own (Service Authorization Reference, "Amazon S3"). */
const OF_VERSIONS: Readonly<Record<string, string>> = {
  DeleteObject: 'DeleteObjectVersion',
  DeleteObjectTagging: 'DeleteObjectVersionTagging',
  GetObject: 'GetObjectVersion',
  GetObjectTagging: 'GetObjectVersionTagging',
  PutObjectTagging: 'PutObjectVersionTagging',
};

/** The action as policies write it. */
export function versioned(action: string, versionId: string | undefined): string {
  return `s3:${(versionId === undefined ? undefined : OF_VERSIONS[action]) ?? action}`;
}

/** Whose the bucket is, where there is one. */
export function ownerKeys(bucket: string | undefined, { data }: CallContext): ConditionKeys {
  const account = data.get(buckets, bucket ?? '')?.account;
  return account === undefined ? {} : { 'aws:ResourceAccount': account, 's3:ResourceAccount': account };
}

/** Whose an object is, its tags, and the version that is named. */
export function objectKeys({ Bucket = '', Key = '', VersionId: id }: ObjectReference, context: CallContext) {
  const version = id === undefined ? undefined : findVersion(Bucket, Key, id, context.data);
  const named = version && 'object' in version ? version.object : undefined;
  const { tags = {} } = (id === undefined ? currentObject(Bucket, Key, context.data) : named) ?? {};
  const each = Object.entries(tags).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]);
  return {
    ...ownerKeys(Bucket, context),
    ...(id !== undefined && { 's3:VersionId': id }),
    ...(Object.fromEntries(each) as Record<string, string>),
  };
}

/**
 * What a bucket's policy adds to the caller's own rights; other accounts need its word. RestrictPublicBuckets keeps them
 * out where it is public.
 */
export function policyOfBucket(name: string | undefined, { caller, data }: CallContext): ResourcePolicy | undefined {
  const bucket = data.get(buckets, name ?? '');
  if (bucket === undefined) return undefined;
  const { account, policy, publicAccessBlock } = bucket;
  const isAbroad = account !== caller.account;
  if (policy === undefined) return isAbroad ? { account, document: undefined, adds: true } : undefined;
  const document = parsePolicy(policy, 'resource');
  const isClosed = isAbroad && publicAccessBlock?.RestrictPublicBuckets === true && isPublic(document);
  return { account, document: isClosed ? undefined : document, adds: true };
}

/** @throws AccessDenied where the caller may not do this with an object, beside what the call itself needs. */
export function demandOnObject(
  action: string,
  object: ObjectReference,
  context: CallContext,
  more: ConditionKeys = {},
): void {
  const { Bucket, Key, VersionId } = object;
  const question = {
    action: versioned(action, VersionId),
    resources: [objectArn(Bucket, Key)],
    conditions: { ...objectKeys(object, context), ...more },
    policyOf: () => policyOfBucket(Bucket, context),
  };
  demand(question, context);
}

/** @throws AccessDenied */
export function demandOnBucket(action: string, bucket: string, context: CallContext): void {
  const question = {
    action: `s3:${action}`,
    resources: [bucketArn(bucket)],
    conditions: ownerKeys(bucket, context),
    policyOf: () => policyOfBucket(bucket, context),
  };
  demand(question, context);
}
