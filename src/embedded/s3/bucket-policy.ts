import type { GetBucketPolicyOutput, PutBucketPolicyRequest } from '@aws-sdk/client-s3';
import type { PolicyDocument, Statement } from '../iam/policy/document.ts';
import { PolicySyntaxError, parsePolicy } from '../iam/policy/parse.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { accessDenied, methodNotAllowed, s3Error } from './errors.ts';
import { bucketArn, buckets } from './model.ts';
import type { StoredBucket } from './model.ts';
import { isPublic } from './public-policy.ts';

/** User Guide, "Bucket policies": "limited to 20 KB in size". */
const MAX_POLICY_BYTES = 20_480;

export function getBucketPolicy(input: BucketReference, context: CallContext): GetBucketPolicyOutput {
  const { name, policy } = ownBucket(input, 'GET', context);
  if (policy !== undefined) return { Policy: policy };
  throw s3Error('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: name });
}

/** The whole policy is replaced. Unlike S3 this takes roles and users that do not exist: they may be made later. */
export function putBucketPolicy(input: PutBucketPolicyRequest, context: CallContext): object {
  const bucket = ownBucket(input, 'PUT', context);
  const { Policy: policy = '' } = input;
  if (Buffer.byteLength(policy) > MAX_POLICY_BYTES) {
    throw malformedPolicy(`Policies must be at most ${MAX_POLICY_BYTES} bytes`);
  }
  const document = readPolicy(policy);
  for (const statement of document.statements) checkStatement(statement, bucket.name);
  if (bucket.publicAccessBlock?.BlockPublicPolicy === true && isPublic(document)) throw accessDenied();
  context.data.put(buckets, bucket.name, { ...bucket, policy });
  return {};
}

export function deleteBucketPolicy(input: BucketReference, context: CallContext): object {
  const { policy: _before, ...bucket } = ownBucket(input, 'DELETE', context);
  context.data.put(buckets, bucket.name, bucket);
  return {};
}

/** @throws MethodNotAllowed for whoever may, but "is not using an identity that belongs to the bucket owner's account". */
function ownBucket(input: BucketReference, method: string, context: CallContext): StoredBucket {
  const bucket = bucketFor(input, context);
  if (bucket.account !== context.caller.account) throw methodNotAllowed(method, 'BUCKETPOLICY');
  return bucket;
}

function readPolicy(policy: string): PolicyDocument {
  try {
    return parsePolicy(policy, 'resource');
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedPolicy(error.message);
    throw error;
  }
}

function checkStatement({ actions, resources }: Statement, name: string): void {
  if (resources === undefined) throw malformedPolicy('Missing required field Resource');
  const own = bucketArn(name);
  const isForeign = (arn: string): boolean => arn !== own && !arn.startsWith(`${own}/`) && arn !== `${own}*`;
  if (resources.patterns.some(isForeign)) throw malformedPolicy('Policy has invalid resource');
  const isOther = (action: string): boolean => action !== '*' && !action.startsWith('s3:');
  if (actions.patterns.some(isOther)) throw malformedPolicy('Policy has invalid action');
}

function malformedPolicy(message: string): Error {
  return s3Error('MalformedPolicy', message);
}
