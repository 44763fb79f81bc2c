import { administrator } from '../caller.ts';
import type { Transaction } from '../store/database.ts';
import { createBucket } from './create-bucket.ts';
import { buckets } from './model.ts';

const NO_CONSTRAINT = 'us-east-1';

/**
 * Makes a bucket of a place where nobody has one of that name.
 *
 * @returns whether it was made.
 * @throws the service's error for a name that S3 does not take.
 */
export function inventBucket(
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
  data: Transaction,
  now: number,
): boolean {
  if (data.get(buckets, name) !== undefined) return false;
  const configuration = region === NO_CONSTRAINT ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  const input = { Bucket: name, ...configuration } as Parameters<typeof createBucket>[0];
  createBucket(input, { caller: administrator(account), region, now, data });
  return true;
}
