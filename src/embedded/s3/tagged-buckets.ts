import type { CallContext, TaggedResource } from '../service.ts';
import { buckets } from './model.ts';

/** Buckets of the caller's account in the call's region, as the tagging API lists them. */
export function taggedBuckets({ caller, region, data }: CallContext): readonly TaggedResource[] {
  return [...data.entries(buckets)]
    .map(([, bucket]) => bucket)
    .filter((bucket) => bucket.account === caller.account && bucket.region === region)
    .map(({ name, tags }) => ({ type: 's3:bucket', arn: `arn:aws:s3:::${name}`, tags }));
}
