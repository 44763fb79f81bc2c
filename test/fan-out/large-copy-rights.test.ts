import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { multipartCopy } from '../../src/resources/object-copy/multipart-copy.ts';
import { lookAtSource } from '../../src/resources/object-copy/source-object.ts';
import { copyLarge } from '../../src/runtime/bucket-fan-out/large-copy.ts';
import type { UploadRow, UploadState } from '../../src/runtime/bucket-fan-out/upload-state.ts';
import { ACCOUNT, allow, createIamBench } from '../support/embedded-iam.ts';
import { OTHER } from '../support/embedded-s3.ts';

const SOURCE = { bucket: 'acme-source', account: ACCOUNT, key: '2026/large' };
const DESTINATION = { bucket: 'partner.invoices', account: OTHER, key: 'from-acme/large' };
const SIZE = 6 * 1024 ** 3;

/** What a copy in parts of one version needs, into the bucket of a partner and under a key. */
const RIGHTS = [
  ['s3:GetObjectVersion', `arn:aws:s3:::${SOURCE.bucket}/2026/*`],
  ['s3:GetObjectVersionTagging', `arn:aws:s3:::${SOURCE.bucket}/2026/*`],
  ['s3:PutObject', `arn:aws:s3:::${DESTINATION.bucket}/from-acme/*`],
  ['s3:PutObjectTagging', `arn:aws:s3:::${DESTINATION.bucket}/from-acme/*`],
  ['s3:PutObjectAcl', `arn:aws:s3:::${DESTINATION.bucket}/from-acme/*`],
  ['s3:ListMultipartUploadParts', `arn:aws:s3:::${DESTINATION.bucket}/from-acme/*`],
  ['s3:AbortMultipartUpload', `arn:aws:s3:::${DESTINATION.bucket}/from-acme/*`],
  ['s3:ListBucketMultipartUploads', `arn:aws:s3:::${DESTINATION.bucket}`],
  ['kms:GenerateDataKey', '*'],
  ['kms:Decrypt', '*'],
] as const;

function memoryRow(): UploadRow {
  let state: UploadState | undefined;
  const keep = (next: UploadState | undefined): Promise<boolean> => {
    state = next;
    return Promise.resolve(true);
  };
  return {
    take: () => Promise.resolve({ state }),
    save: keep,
    handOver: keep,
    isCurrent: () => Promise.resolve(true),
  };
}

/** The source's bucket has versions; the partner lets our role do all in his bucket. */
async function copyWith(rights: readonly (readonly [action: string, resource: string])[], metadata = { a: 'b' }) {
  const { account, role, grant, assume } = createIamBench();
  const region = 'eu-west-1';
  const owner = account.client(S3Client, { region });
  await owner.send(new CreateBucketCommand({ Bucket: SOURCE.bucket }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await owner.send(new PutBucketVersioningCommand({ Bucket: SOURCE.bucket, VersioningConfiguration }));
  account.putSparseObject({ bucket: SOURCE.bucket, key: SOURCE.key, size: SIZE, tags: { kind: 'invoice' } });
  const { KeyMetadata } = await account.client(KMSClient, { region }).send(new CreateKeyCommand({}));
  const kmsKey = KeyMetadata!.Arn!;
  const arn = await role('copier');
  await grant('copier', ...rights.map(([action, resource]) => allow(action, resource)));
  const partner = account.client(S3Client, { region, account: OTHER });
  await partner.send(new CreateBucketCommand({ Bucket: DESTINATION.bucket }));
  const bucketArn = `arn:aws:s3:::${DESTINATION.bucket}`;
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: arn },
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await partner.send(new PutBucketPolicyCommand({ Bucket: DESTINATION.bucket, Policy }));

  const looked = (await lookAtSource(owner, SOURCE))!;
  const source = { ...SOURCE, versionId: looked.versionId! };
  const client = (await assume(arn)).client(S3Client);
  const wishes = { metadata, kmsKey, acl: 'bucket-owner-full-control' } as const;
  const calls = multipartCopy(
    { source: client, destination: client },
    { source, object: looked, destination: DESTINATION, wishes },
  );
  const time = {
    clock: { now: () => account.now(), sleep: () => Promise.resolve() },
    stop: new AbortController().signal,
    left: () => Number.POSITIVE_INFINITY,
  };
  const run = copyLarge(
    { size: SIZE },
    { calls, row: memoryRow(), time, turn: 0, concurrency: 2, every: () => () => {} },
  );
  const { Uploads = [] } = await run.then(
    () => partner.send(new ListMultipartUploadsCommand({ Bucket: DESTINATION.bucket })),
    () => partner.send(new ListMultipartUploadsCommand({ Bucket: DESTINATION.bucket })),
  );
  const head = () => partner.send(new HeadObjectCommand({ Bucket: DESTINATION.bucket, Key: DESTINATION.key }));
  return { run, open: Uploads.length, head, kmsKey };
}

describe('the rights of a large copy', () => {
  it('are these', async () => {
    const { run, open, head, kmsKey } = await copyWith(RIGHTS);

    expect(await run).toMatchObject({ outcome: 'copied', parts: 12 });
    expect(open).toBe(0);
    expect(await head()).toMatchObject({
      ContentLength: SIZE,
      Metadata: { a: 'b' },
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: kmsKey,
      TagCount: 1,
    });
  });

  it.each(RIGHTS.map(([action]) => action).filter((action) => action !== 's3:AbortMultipartUpload'))(
    'are not enough without %s: nothing is left open',
    async (missing) => {
      const { run, open } = await copyWith(RIGHTS.filter(([action]) => action !== missing));

      await expect(run).rejects.toMatchObject({ name: 'AccessDenied' });
      expect(open).toBe(0);
    },
  );
});
