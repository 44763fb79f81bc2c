import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';

export interface BucketAt {
  readonly region?: string;
  readonly account?: string;
  readonly versioned?: boolean;
  /** Key → content of objects that are there already. */
  readonly objects?: Readonly<Record<string, string>>;
}

/** Makes a bucket; default: a versioned one of the default account, in eu-west-1. */
export async function makeBucket(account: EmbeddedAccount, Bucket: string, at: BucketAt = {}): Promise<S3Client> {
  const { region = 'eu-west-1', versioned = true, objects = {} } = at;
  const client = account.client(S3Client, { region, ...(at.account !== undefined && { account: at.account }) });
  const LocationConstraint = region as BucketLocationConstraint;
  const place = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await client.send(new CreateBucketCommand({ Bucket, ...place }));
  if (versioned) {
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
  return client;
}
