import type { ListBucketsOutput, ListBucketsRequest } from '@aws-sdk/client-s3';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { invalidArgument } from './errors.ts';
import { buckets, ownerOf } from './model.ts';

/** ListBuckets, max-buckets: 1 to 10,000. */
const MAX_PAGE = 10_000;

export function listBuckets(input: ListBucketsRequest, { caller, region, data }: CallContext): ListBucketsOutput {
  const { Prefix: prefix, MaxBuckets: size = MAX_PAGE, BucketRegion: place, ContinuationToken: token } = input;
  if (size < 1 || size > MAX_PAGE) {
    throw invalidArgument(`Argument max-buckets must be an integer between 1 and ${MAX_PAGE}`, 'max-buckets', size);
  }
  if (place !== undefined && place !== region) {
    throw invalidArgument(`Argument value ${place} is not a valid AWS Region`, 'bucket-region', place);
  }
  const own = [...data.entries(buckets)]
    .map(([, bucket]) => bucket)
    .filter(({ account, name }) => account === caller.account && name.startsWith(prefix ?? ''))
    .filter((bucket) => place === undefined || bucket.region === place);
  const refuse = (): Error =>
    invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  const { items, next } = pageOf(own, ({ name }) => name, { token, size }, refuse);
  const isPaged = Object.values(input).some((value) => value !== undefined);
  return {
    Buckets: items.map((bucket) => ({
      Name: bucket.name,
      CreationDate: new Date(bucket.created),
      ...(isPaged && { BucketRegion: bucket.region }),
    })),
    Owner: ownerOf(caller.account),
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(next !== undefined && { ContinuationToken: next }),
  };
}
