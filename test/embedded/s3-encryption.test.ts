import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, allow, createIamBench } from '../support/embedded-iam.ts';
import { Bucket, failure } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'key';
const REGION = { region: 'eu-west-1' };
const MD5_OF_BODY = '"841a2d689ad86bd1611447453c22c6fc"';
const S3 = allow('s3:*');

/** A bucket, a symmetric key, and a role with these rights. */
async function open(...rights: readonly object[]) {
  const bench = createIamBench();
  const owner = bench.account.client(S3Client, REGION);
  await owner.send(new CreateBucketCommand({ Bucket }));
  const kms = bench.account.client(KMSClient, REGION);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata!.Arn!;
  const arn = await bench.role('worker');
  if (rights.length > 0) await bench.grant('worker', ...rights);
  const client = (await bench.assume(arn)).client(S3Client);
  const put = (by: S3Client, rest: Partial<PutObjectCommandInput> = {}) =>
    by.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: 'body',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: keyArn,
        ...rest,
      }),
    );
  return { bench, owner, kms, keyArn, keyId: KeyMetadata!.KeyId!, client, put };
}

const get = (client: S3Client) => client.send(new GetObjectCommand({ Bucket, Key }));

describe('encryption by a key of KMS', () => {
  it('is told with the object, whose ETag is no MD5', async () => {
    const { owner, put, keyArn, keyId } = await open();

    const written = await put(owner);

    expect(written).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn });
    expect(written.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(written.ETag).not.toBe(MD5_OF_BODY);
    expect((await put(owner, { SSEKMSKeyId: keyId })).ETag).not.toBe(written.ETag);
    const head = await owner.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn });
    expect(await (await get(owner)).Body!.transformToString()).toBe('body');
  });

  it('needs the right to make data keys, and reading that to decrypt', async () => {
    const bound = await open(S3);
    const denied = await errorOf(bound.put(bound.client));
    expect(denied).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('kms:GenerateDataKey') as string,
    });
    await bound.put(bound.owner);
    expect((await errorOf(get(bound.client))).message).toContain('kms:Decrypt');
    expect(await failure(bound.client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('no error');
    const checked = new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' });
    expect(await failure(bound.client.send(checked))).toBe('Unknown 403');

    const free = await open(S3, allow(['kms:GenerateDataKey', 'kms:Decrypt']));
    expect(await failure(free.put(free.client))).toBe('no error');
    expect(await failure(get(free.client))).toBe('no error');
  });

  it.each([
    ['through S3', { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }, false, 'no error'],
    [
      'for the object',
      { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}/key` } },
      false,
      'no error',
    ],
    [
      'for the object',
      { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}/key` } },
      true,
      'AccessDenied 403',
    ],
    [
      'for the bucket',
      { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}` } },
      true,
      'no error',
    ],
    [
      'in another region',
      { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      false,
      'AccessDenied 403',
    ],
  ])('may hang on its use %s (%j, bucket key: %s)', async (_what, condition, BucketKeyEnabled, expected) => {
    const { client, put } = await open(S3, allow('kms:GenerateDataKey', '*', condition));

    expect(await failure(put(client, { BucketKeyEnabled }))).toBe(expected);
  });

  it.each([
    [
      'an absent key',
      { SSEKMSKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab` },
      'KMS.NotFoundException 400',
    ],
    [
      'a key of another region',
      { SSEKMSKeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab` },
      'KMS.NotFoundException 400',
    ],
    ['no key', { SSEKMSKeyId: undefined }, 'NotEmbedded 400'],
    ['a key and no KMS', { ServerSideEncryption: 'AES256' as const }, 'InvalidArgument 400'],
    ['two layers', { ServerSideEncryption: 'aws:kms:dsse' as const, SSEKMSKeyId: undefined }, 'NotEmbedded 400'],
  ])('by %s is refused', async (_what, fields, expected) => {
    const { owner, put } = await open();

    expect(await failure(put(owner, fields))).toBe(expected);
  });

  it('by a key that signs, or that is disabled, is refused', async () => {
    const { kms, keyId, owner, put } = await open();
    const signing = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const { KeyMetadata } = await kms.send(signing);

    expect(await failure(put(owner, { SSEKMSKeyId: KeyMetadata!.Arn! }))).toBe('KMS.InvalidKeyUsageException 400');
    await put(owner);
    await kms.send(new DisableKeyCommand({ KeyId: keyId }));
    expect(await failure(put(owner))).toBe('KMS.DisabledException 400');
    expect(await failure(get(owner))).toBe('KMS.DisabledException 400');
  });

  it('is the default of a bucket that says so', async () => {
    const { owner, put, keyArn } = await open();
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: keyArn } };
    const ServerSideEncryptionConfiguration = { Rules: [{ ...rule, BucketKeyEnabled: true }] };
    await owner.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));

    const shown = await owner.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(shown.ServerSideEncryptionConfiguration).toEqual(ServerSideEncryptionConfiguration);
    const unnamed = { ServerSideEncryption: undefined, SSEKMSKeyId: undefined };
    expect(await put(owner, unnamed)).toMatchObject({ SSEKMSKeyId: keyArn, BucketKeyEnabled: true });
    const plain = await put(owner, { ServerSideEncryption: 'AES256', SSEKMSKeyId: undefined });
    expect(plain).toMatchObject({ ServerSideEncryption: 'AES256', ETag: MD5_OF_BODY });
  });
});

describe('a copy', () => {
  const copy = (client: S3Client, rest: object = {}) =>
    client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}`, ...rest }));

  it('is decrypted by the one key and encrypted by the other, with the rights to both', async () => {
    const bench = await open(S3, allow('kms:Decrypt'));
    await bench.put(bench.owner);

    const plain = await copy(bench.client);
    expect(plain).toMatchObject({ ServerSideEncryption: 'AES256', CopyObjectResult: { ETag: MD5_OF_BODY } });
    const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: bench.keyArn };
    expect((await errorOf(copy(bench.client, encrypted))).message).toContain('kms:GenerateDataKey');
    expect(await copy(bench.owner, encrypted)).toMatchObject({ SSEKMSKeyId: bench.keyArn });

    const blind = await open(S3, allow('kms:GenerateDataKey'));
    await blind.put(blind.owner);
    expect((await errorOf(copy(blind.client))).message).toContain('kms:Decrypt');
  });
});
