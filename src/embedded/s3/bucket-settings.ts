import type {
  GetBucketTaggingOutput,
  GetPublicAccessBlockOutput,
  PutBucketTaggingRequest,
  PutPublicAccessBlockRequest,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { listTags } from '../tags.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { malformedXml, s3Error } from './errors.ts';
import { buckets } from './model.ts';
import { bucketTags } from './tag-sets.ts';

export function getBucketTagging(input: BucketReference, context: CallContext): GetBucketTaggingOutput {
  const { name, tags } = bucketFor(input, context);
  if (Object.keys(tags).length === 0) {
    throw s3Error('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: name });
  }
  return { TagSet: listTags(tags) };
}

/** The whole set is replaced. */
export function putBucketTagging(input: PutBucketTaggingRequest, context: CallContext): object {
  const bucket = bucketFor(input, context);
  context.data.put(buckets, bucket.name, { ...bucket, tags: bucketTags(input.Tagging?.TagSet) });
  return {};
}

export function deleteBucketTagging(input: BucketReference, context: CallContext): object {
  const bucket = bucketFor(input, context);
  context.data.put(buckets, bucket.name, { ...bucket, tags: {} });
  return {};
}

export function getPublicAccessBlock(input: BucketReference, context: CallContext): GetPublicAccessBlockOutput {
  const { name, publicAccessBlock } = bucketFor(input, context);
  if (publicAccessBlock !== undefined) return { PublicAccessBlockConfiguration: publicAccessBlock };
  throw s3Error('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', 404, {
    BucketName: name,
  });
}

/** What is left out is off. */
export function putPublicAccessBlock(input: PutPublicAccessBlockRequest, context: CallContext): object {
  const bucket = bucketFor(input, context);
  const wanted = input.PublicAccessBlockConfiguration;
  if (wanted === undefined) throw malformedXml();
  const publicAccessBlock = {
    BlockPublicAcls: wanted.BlockPublicAcls ?? false,
    IgnorePublicAcls: wanted.IgnorePublicAcls ?? false,
    BlockPublicPolicy: wanted.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: wanted.RestrictPublicBuckets ?? false,
  };
  context.data.put(buckets, bucket.name, { ...bucket, publicAccessBlock });
  return {};
}

export function deletePublicAccessBlock(input: BucketReference, context: CallContext): object {
  const { publicAccessBlock: _before, ...bucket } = bucketFor(input, context);
  context.data.put(buckets, bucket.name, bucket);
  return {};
}
