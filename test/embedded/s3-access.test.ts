import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { Bucket, OTHER, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'lease';
const BUCKET_ARN = `arn:aws:s3:::${Bucket}`;
const OBJECT_ARN = `${BUCKET_ARN}/${Key}`;

/** A role with these rights, its client, and a bucket with one object. */
async function actAs(...statements: readonly object[]) {
  const bench = createIamBench();
  const owner = bench.account.client(S3Client, { region: 'eu-west-1' });
  await owner.send(new CreateBucketCommand({ Bucket }));
  await owner.send(new PutObjectCommand({ Bucket, Key, Body: 'body', Tagging: 'kind=lease' }));
  const arn = await bench.role('worker');
  if (statements.length > 0) await bench.grant('worker', ...statements);
  const actor = await bench.assume(arn);
  return { owner, client: actor.client(S3Client), account: bench.account };
}

describe('rights', () => {
  it.each([
    ['s3:GetObject', OBJECT_ARN, new GetObjectCommand({ Bucket, Key })],
    ['s3:PutObject', OBJECT_ARN, new PutObjectCommand({ Bucket, Key, Body: 'x' })],
    ['s3:DeleteObject', OBJECT_ARN, new DeleteObjectCommand({ Bucket, Key })],
    ['s3:GetObjectTagging', OBJECT_ARN, new GetObjectTaggingCommand({ Bucket, Key })],
    ['s3:ListBucket', BUCKET_ARN, new ListObjectsV2Command({ Bucket })],
    ['s3:PutBucketTagging', BUCKET_ARN, new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } })],
    ['s3:ListAllMyBuckets', '*', new ListBucketsCommand({})],
    ['s3:CreateBucket', 'arn:aws:s3:::another', new CreateBucketCommand({ Bucket: 'another' })],
  ])('%s on %s', async (action, resource, command) => {
    const bound = await actAs();
    const error = await errorOf(bound.client.send(command as never));
    expect(error).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    expect(error.message).toContain(`is not authorized to perform: ${action}`);

    const free = await actAs(allow(action, resource));
    expect(await failure(free.client.send(command as never))).toBe('no error');
  });

  it('to HEAD are those to get and to list; the refusal is a mere 403', async () => {
    const bound = await actAs();
    expect(await failure(bound.client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('Unknown 403');
    expect(await failure(bound.client.send(new HeadBucketCommand({ Bucket })))).toBe('Unknown 403');
    expect(bound.account.events().at(-1)).toMatchObject({ eventName: 'HeadBucket', errorCode: 'AccessDenied' });

    const free = await actAs(allow('s3:GetObject', OBJECT_ARN), allow('s3:ListBucket', BUCKET_ARN));
    expect(await failure(free.client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('no error');
    expect(await failure(free.client.send(new HeadBucketCommand({ Bucket })))).toBe('no error');
  });

  it('to know that an object is absent are those to list', async () => {
    const absent = new GetObjectCommand({ Bucket, Key: 'absent' });
    const blind = await actAs(allow('s3:GetObject'));
    expect(await failure(blind.client.send(absent))).toBe('AccessDenied 403');

    const seeing = await actAs(allow(['s3:GetObject', 's3:ListBucket']));
    expect(await failure(seeing.client.send(absent))).toBe('NoSuchKey 404');
  });

  it('to write by If-Match are those to get, too', async () => {
    const { client, owner } = await actAs(allow('s3:PutObject', OBJECT_ARN));
    const { ETag: IfMatch } = await owner.send(new HeadObjectCommand({ Bucket, Key }));

    const denied = await errorOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfMatch })));

    expect(denied.message).toContain('s3:GetObject');
    expect(await failure(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' })))).toBe(
      'PreconditionFailed 412',
    );
  });

  it('to tag are asked beside those to write and to create', async () => {
    const { client } = await actAs(allow(['s3:PutObject', 's3:CreateBucket']));
    const CreateBucketConfiguration = { Tags: [{ Key: 'a', Value: '1' }] };

    const put = await errorOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'a=1' })));
    const made = await errorOf(client.send(new CreateBucketCommand({ Bucket: 'another', CreateBucketConfiguration })));

    expect(put.message).toContain('s3:PutObjectTagging');
    expect(made.message).toContain('s3:TagResource');
  });

  it('to delete many are asked for each', async () => {
    const { client } = await actAs(allow('s3:DeleteObject', OBJECT_ARN));
    const Delete = { Objects: [{ Key }, { Key: 'other' }] };

    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));

    expect(Deleted).toEqual([{ Key }]);
    expect(Errors).toMatchObject([{ Key: 'other', Code: 'AccessDenied' }]);
  });

  it.each([
    ['s3:ListBucket', { StringEquals: { 's3:prefix': 'a/' } }, new ListObjectsV2Command({ Bucket, Prefix: 'a/' })],
    ['s3:PutObject', { StringEquals: { 's3:if-none-match': '*' } }, writing({ IfNoneMatch: '*' })],
    ['s3:PutObject', { StringEquals: { 'aws:ResourceAccount': '111122223333' } }, writing({})],
    ['s3:CreateBucket', { StringEquals: { 's3:x-amz-bucket-namespace': 'account-regional' } }, regional()],
  ])('to %s may hang on a condition: %j', async (action, condition, command) => {
    const { client } = await actAs(allow(action, '*', condition));
    const opposite = await actAs(allow(action, '*', { StringNotEquals: condition.StringEquals }));

    expect(await failure(client.send(command as never))).toBe('no error');
    expect(await failure(opposite.client.send(command as never))).toBe('AccessDenied 403');
  });

  it('may hang on the tags of an object', async () => {
    const { client } = await actAs(
      allow('s3:GetObject', '*', { StringEquals: { 's3:ExistingObjectTag/kind': 'lease' } }),
    );

    expect(await failure(client.send(new GetObjectCommand({ Bucket, Key })))).toBe('no error');
  });

  function writing(fields: object) {
    return new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ...fields });
  }

  function regional() {
    return new CreateBucketCommand({
      Bucket: 'new-111122223333-eu-west-1-an',
      BucketNamespace: 'account-regional',
    });
  }
});

describe("somebody else's bucket", () => {
  it.each([
    ['GetObject', new GetObjectCommand({ Bucket, Key }), 'AccessDenied 403'],
    ['PutObject', new PutObjectCommand({ Bucket, Key, Body: 'x' }), 'AccessDenied 403'],
    ['DeleteObject', new DeleteObjectCommand({ Bucket, Key }), 'AccessDenied 403'],
    ['DeleteObjects', new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }), 'AccessDenied 403'],
    ['ListObjectsV2', new ListObjectsV2Command({ Bucket }), 'AccessDenied 403'],
    ['HeadBucket', new HeadBucketCommand({ Bucket }), 'Unknown 403'],
  ])('is closed to %s', async (_name, command, expected) => {
    const { account } = await openWithBucket();
    const stranger = account.client(S3Client, { region: 'eu-west-1', account: OTHER });

    expect(await failure(stranger.send(command as never))).toBe(expected);
  });
});

describe('ExpectedBucketOwner', () => {
  it.each([
    ['GetObject', (owner: object) => new GetObjectCommand({ Bucket, Key, ...owner })],
    ['PutObject', (owner: object) => new PutObjectCommand({ Bucket, Key, Body: 'body', ...owner })],
    ['DeleteObject', (owner: object) => new DeleteObjectCommand({ Bucket, Key, ...owner })],
    ['ListObjectsV2', (owner: object) => new ListObjectsV2Command({ Bucket, ...owner })],
    ['GetObjectTagging', (owner: object) => new GetObjectTaggingCommand({ Bucket, Key, ...owner })],
    ['PutBucketTagging', tagBucket],
  ])('of %s must be the owner', async (_name, command) => {
    const { client, put, text } = await openWithBucket();
    await put(Key);
    const send = (ExpectedBucketOwner: string) => client.send(command({ ExpectedBucketOwner }) as never);

    expect(await failure(send(OTHER))).toBe('AccessDenied 403');
    expect(await text(Key)).toBe('body');
    expect(await failure(send('me'))).toBe('InvalidBucketOwnerAWSAccountID 400');
    expect(await failure(send('111122223333'))).toBe('no error');
  });

  function tagBucket(owner: object) {
    return new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] }, ...owner });
  }
});
