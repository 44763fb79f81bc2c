import type { Permission } from '../../engine/types.ts';
import { arn, globalArn } from '../arns.ts';
import { permit } from '../permissions.ts';
import { leaseBucket } from './bucket.ts';
import type { LeasePlace } from './open.ts';
import { leaseKey } from './store.ts';

/**
 * What taking, renewing and giving back the lease needs.
 *
 * @param isMissing the bucket of trueup's own is made first.
 */
export function leasePermissions(
  { owner, place, bucket, table }: LeasePlace,
  isMissing: boolean,
): readonly Permission[] {
  if (table !== undefined) {
    return permit('dynamodb', arn('dynamodb', place, `table/${table}`), ['DescribeTable', 'GetItem', 'PutItem']);
  }
  const name = bucket ?? leaseBucket(owner, place).name;
  const onBucket = (...names: readonly string[]): readonly Permission[] =>
    permit('s3', globalArn('s3', place, name, ''), names);
  return [
    ...permit('s3', globalArn('s3', place, `${name}/${leaseKey(owner)}`, ''), ['GetObject', 'PutObject']),
    // Without it an object that is not there is a refusal.
    ...onBucket('ListBucket'),
    ...(bucket === undefined ? onBucket('GetBucketTagging') : []),
    ...(bucket === undefined && isMissing ? onBucket('CreateBucket', 'TagResource') : []),
  ];
}

/** What it takes to see whether the bucket of trueup's own is there. */
export function leaseBucketLook({ owner, place, bucket, table }: LeasePlace): readonly Permission[] {
  if (bucket !== undefined || table !== undefined) return [];
  return permit('s3', globalArn('s3', place, leaseBucket(owner, place).name, ''), ['ListBucket']);
}
