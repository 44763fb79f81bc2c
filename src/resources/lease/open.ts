import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
import type { LeaseStore } from '../../engine/lease.ts';
import type { Place } from '../../engine/types.ts';
import type { Tags } from '../marker.ts';
import { ensureLeaseBucket, hasBucket, leaseBucket } from './bucket.ts';
import { dynamoDbLeaseStore, leaseRow } from './dynamodb-store.ts';
import { leaseKey, s3LeaseStore } from './s3-store.ts';

/** Where Settings put the lease; neither: into a bucket of trueup's own. */
export interface LeasePlace {
  readonly owner: string;
  /** The default account and region. */
  readonly place: Place;
  readonly bucket?: string;
  readonly table?: string;
  /** On the bucket, where it is made. */
  readonly tags: Tags;
}

/** Where the lease is, or will be. Its calls ask no lease. */
export async function leaseStore(aws: Aws, { owner, place, bucket, table }: LeasePlace): Promise<LeaseStore> {
  if (table !== undefined) {
    return dynamoDbLeaseStore(await aws.client(DynamoDBClient, place, { ungated: true }), table, owner);
  }
  const client = await aws.client(S3Client, place, { ungated: true });
  return s3LeaseStore(client, { bucket: bucket ?? leaseBucket(owner, place).name, account: place.account, owner });
}

/** Where it is, for people. */
export function leaseName({ owner, place, bucket, table }: LeasePlace): string {
  if (table !== undefined) return `the row ${leaseRow(owner)} of the table ${table}`;
  return `s3://${bucket ?? leaseBucket(owner, place).name}/${leaseKey(owner)}`;
}

/** The same; the bucket of our own is made first. */
export async function openLeaseStore(aws: Aws, lease: LeasePlace): Promise<LeaseStore> {
  const { owner, place, bucket, table, tags } = lease;
  if (bucket === undefined && table === undefined) {
    await ensureLeaseBucket(await aws.client(S3Client, place, { ungated: true }), leaseBucket(owner, place), tags);
  }
  return leaseStore(aws, lease);
}

/** The name of the bucket that the next apply would make; undefined: none, or it cannot be seen. */
export async function missingLeaseBucket(
  aws: Aws,
  { owner, place, bucket, table }: LeasePlace,
): Promise<string | undefined> {
  if (bucket !== undefined || table !== undefined) return undefined;
  const own = leaseBucket(owner, place);
  try {
    return (await hasBucket(await aws.client(S3Client, place), own)) ? undefined : own.name;
  } catch {
    // Whoever plans need not see it: apply will.
    return undefined;
  }
}
