import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';

export const NOW = Date.parse('2026-11-24T10:00:00Z');
export const Bucket = 'acme-leases';
export const OTHER = '444455556666';

/** An embedded account with one bucket in eu-west-1. */
export interface S3Bench {
  readonly account: EmbeddedAccount;
  readonly client: S3Client;
  put(Key: string, rest?: Partial<PutObjectCommandInput>): Promise<PutObjectCommandOutput>;
  text(Key: string): Promise<string>;
}

export async function openWithBucket(options: EmbeddedOptions = {}, file: string = 'memory'): Promise<S3Bench> {
  const account = openEmbedded(file, { now: () => NOW, ...options });
  const client = account.client(S3Client, { region: 'eu-west-1' });
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    account,
    client,
    put: (Key, rest = {}) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'body', ...rest })),
    async text(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return Body!.transformToString();
    },
  };
}

/** Name and status of the error that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode}`;
  }
}
