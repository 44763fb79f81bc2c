import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
import type { LeaseStore } from '../../engine/lease.ts';
import type { Place } from '../../engine/types.ts';
import type { Tags } from '../marker.ts';
import { ensureLeaseBucket, hasBucket, leaseBucket } from './bucket.ts';
import { dynamoDbCell } from '../cell/dynamodb-cell.ts';
import { s3Cell } from '../cell/s3-cell.ts';
import type { Cell } from '../cell/types.ts';
import { leaseIn, leaseKey, leaseRow } from './store.ts';

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
export async function leaseStore(aws: Aws, lease: LeasePlace): Promise<LeaseStore> {
  return leaseIn(await cellBeside(aws, lease, { key: leaseKey(lease.owner), row: leaseRow(lease.owner) }));
}

/** A text in the bucket or table where the lease is. Its calls ask no lease. */
export async function cellBeside(
  aws: Aws,
  { owner, place, bucket, table }: Omit<LeasePlace, 'tags'>,
  { key, row }: { readonly key: string; readonly row: string },
): Promise<Cell> {
  if (table !== undefined) return dynamoDbCell(await aws.client(DynamoDBClient, place, { ungated: true }), table, row);
  const client = await aws.client(S3Client, place, { ungated: true });
  return s3Cell(client, { bucket: bucket ?? leaseBucket(owner, place).name, key, account: place.account });
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
