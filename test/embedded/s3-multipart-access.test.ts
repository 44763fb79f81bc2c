import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeletePublicAccessBlockCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { Bucket, OTHER, failure } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'large';
const SOURCE = 'acme-source';
const OBJECT = `arn:aws:s3:::${Bucket}/${Key}`;
const SOURCE_OBJECT = `arn:aws:s3:::${SOURCE}/from`;

/** A role with these rights, an open upload with one part, and an object to copy. */
async function actAs(...statements: readonly object[]) {
  const bench = createIamBench();
  const owner = bench.account.client(S3Client, { region: 'eu-west-1' });
  await owner.send(new CreateBucketCommand({ Bucket }));
  await owner.send(new CreateBucketCommand({ Bucket: SOURCE }));
  await owner.send(new PutBucketVersioningCommand({ Bucket: SOURCE, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await owner.send(
    new PutObjectCommand({ Bucket: SOURCE, Key: 'from', Body: 'octets', Tagging: 'open=no' }),
  );
  const { UploadId } = await owner.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag } = await owner.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'octets' }));
  const arn = await bench.role('copier');
  if (statements.length > 0) await bench.grant('copier', ...statements);
  const actor = await bench.assume(arn);
  const where = { Bucket, Key, UploadId };
  return { bench, owner, arn, client: actor.client(S3Client), where, ETag, VersionId };
}

type Acting = Awaited<ReturnType<typeof actAs>>;

describe('rights', () => {
  it.each([
    ['s3:PutObject', OBJECT, () => new CreateMultipartUploadCommand({ Bucket, Key })],
    ['s3:PutObject', OBJECT, ({ where }: Acting) => new UploadPartCommand({ ...where, PartNumber: 2, Body: 'x' })],
    [
      's3:PutObject',
      OBJECT,
      ({ where, ETag }: Acting) =>
        new CompleteMultipartUploadCommand({ ...where, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
    ],
    ['s3:AbortMultipartUpload', OBJECT, ({ where }: Acting) => new AbortMultipartUploadCommand(where)],
    ['s3:ListMultipartUploadParts', OBJECT, ({ where }: Acting) => new ListPartsCommand(where)],
    [
      's3:ListBucketMultipartUploads',
      `arn:aws:s3:::${Bucket}`,
      () => new ListMultipartUploadsCommand({ Bucket, Prefix: Key }),
    ],
  ])('%s on %s', async (action, resource, command) => {
    const bound = await actAs();
    const error = await errorOf(bound.client.send(command(bound) as never));
    expect(error).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    expect(error.message).toContain(`is not authorized to perform: ${action}`);

    const free = await actAs(allow(action, resource));
    expect(await failure(free.client.send(command(free) as never))).toBe('no error');
  });

  it('to copy a part are those to write here and to read there, of a version those of versions', async () => {
    const copy = ({ client, where }: Acting, version = '') =>
      failure(
        client.send(new UploadPartCopyCommand({ ...where, PartNumber: 2, CopySource: `${SOURCE}/from${version}` })),
      );

    expect(await copy(await actAs(allow('s3:PutObject', OBJECT)))).toBe('AccessDenied 403');
    expect(await copy(await actAs(allow('s3:GetObject', SOURCE_OBJECT)))).toBe('AccessDenied 403');
    const free = await actAs(allow('s3:PutObject', OBJECT), allow('s3:GetObject', SOURCE_OBJECT));
    expect(await copy(free)).toBe('no error');
    const version = `?versionId=${free.VersionId}`;
    expect(await copy(free, version)).toBe('AccessDenied 403');
    await free.bench.grant('copier', allow('s3:PutObject', OBJECT), allow('s3:GetObjectVersion', SOURCE_OBJECT));
    expect(await copy(free, version)).toBe('no error');
  });

  it('to begin an upload with tags and an ACL are those to write them, too', async () => {
    const begin = ({ client }: Acting, rest: object) =>
      failure(client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...rest })));
    const bound = await actAs(allow('s3:PutObject', OBJECT));
    const acl = { ACL: 'bucket-owner-full-control' };

    expect(await begin(bound, { Tagging: 'a=b' })).toBe('AccessDenied 403');
    expect(await begin(bound, acl)).toBe('AccessDenied 403');
    const free = await actAs(allow(['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectAcl'], OBJECT));
    expect(await begin(free, { Tagging: 'a=b', ...acl })).toBe('no error');
  });

  it('to encrypt parts by KMS are those to make a data key and to decrypt', async () => {
    const encrypt = async (...actions: string[]) => {
      const acting = await actAs();
      const kms = acting.bench.account.client(KMSClient, { region: 'eu-west-1' });
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      await acting.bench.grant('copier', allow('s3:PutObject', OBJECT), allow(actions, KeyMetadata!.Arn));
      const { UploadId } = await acting.client.send(
        new CreateMultipartUploadCommand({
          Bucket,
          Key,
          ServerSideEncryption: 'aws:kms',
          SSEKMSKeyId: KeyMetadata!.Arn,
        }),
      );
      return acting.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }));
    };

    expect(await failure(encrypt('kms:Decrypt'))).toBe('AccessDenied 403');
    expect(await failure(encrypt('kms:GenerateDataKey'))).toBe('AccessDenied 403');
    expect(await encrypt('kms:GenerateDataKey', 'kms:Decrypt')).toMatchObject({ ServerSideEncryption: 'aws:kms' });
  });

  it('in the bucket of another account are those of its policy and our own', async () => {
    const { bench, arn, client } = await actAs(allow('s3:PutObject'), allow('s3:AbortMultipartUpload'));
    const partner = bench.account.client(S3Client, { region: 'eu-west-1', account: OTHER });
    const theirs = { Bucket: 'partner.invoices', ExpectedBucketOwner: OTHER };
    await partner.send(new CreateBucketCommand({ Bucket: theirs.Bucket }));
    await partner.send(new DeletePublicAccessBlockCommand({ Bucket: theirs.Bucket }));
    const begin = () => client.send(new CreateMultipartUploadCommand({ ...theirs, Key }));
    expect(await failure(begin())).toBe('AccessDenied 403');

    const statement = { Effect: 'Allow', Principal: { AWS: arn }, Resource: `arn:aws:s3:::${theirs.Bucket}/*` };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ ...statement, Action: ['s3:PutObject', 's3:AbortMultipartUpload'] }],
    });
    await partner.send(new PutBucketPolicyCommand({ Bucket: theirs.Bucket, Policy }));
    const { UploadId } = await begin();
    const parts = new ListPartsCommand({ ...theirs, Key, UploadId });
    expect(await failure(client.send(parts))).toBe('AccessDenied 403');
    const { Initiator, Owner } = await partner.send(parts);
    expect(Initiator?.ID).toMatch(/^arn:aws:sts::111122223333:assumed-role\/copier\//);
    expect(Buffer.from(Owner!.ID!, 'hex').toString()).toContain(OTHER);
    expect(await failure(client.send(new AbortMultipartUploadCommand({ ...theirs, Key, UploadId })))).toBe('no error');
  });
});
