import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, allow, createIamBench, document } from '../support/embedded-iam.ts';
import { Bucket, OTHER, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'key';
const ARN = `arn:aws:s3:::${Bucket}`;
const STRANGER = { AWS: `arn:aws:iam::${OTHER}:root` };

function says(Principal: unknown, Action: string | readonly string[], Resource = `${ARN}/*`, more: object = {}) {
  return { Effect: 'Allow', Principal, Action, Resource, ...more };
}

/** The bucket of ACCOUNT, its owner, and the administrator of another account. */
async function open(...statements: readonly object[]) {
  const bench = await openWithBucket();
  await bench.put(Key);
  if (statements.length > 0) await setPolicy(bench.client, ...statements);
  return { ...bench, stranger: bench.account.client(S3Client, { region: 'eu-west-1', account: OTHER }) };
}

function setPolicy(client: S3Client, ...statements: readonly object[]) {
  return client.send(new PutBucketPolicyCommand({ Bucket, Policy: document(...statements) }));
}

describe('a bucket policy', () => {
  it('is written, read and deleted', async () => {
    const { client } = await open();
    const get = () => client.send(new GetBucketPolicyCommand({ Bucket }));

    expect(await errorOf(get())).toMatchObject({ name: 'NoSuchBucketPolicy', BucketName: Bucket });
    const Policy = document(says(STRANGER, 's3:GetObject'));
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await get()).Policy).toBe(Policy);
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await failure(get())).toBe('NoSuchBucketPolicy 404');
  });

  it.each([
    ['no JSON', '{', 'MalformedPolicy 400'],
    ['no principal', document(allow('s3:GetObject', `${ARN}/*`)), 'MalformedPolicy 400'],
    ['another bucket', document(says(STRANGER, 's3:GetObject', 'arn:aws:s3:::other/*')), 'MalformedPolicy 400'],
    ['everything', document(says(STRANGER, 's3:GetObject', '*')), 'MalformedPolicy 400'],
    ['no resource', document({ Effect: 'Allow', Principal: STRANGER, Action: 's3:GetObject' }), 'MalformedPolicy 400'],
    ['another service', document(says(STRANGER, 'sns:Publish')), 'MalformedPolicy 400'],
    ['too much', document(says(STRANGER, 's3:GetObject', `${ARN}/${'x'.repeat(20_480)}`)), 'MalformedPolicy 400'],
    ['everybody', document(says('*', 's3:GetObject')), 'AccessDenied 403'],
    [
      'everybody of a wide range',
      document(says('*', 's3:GetObject', `${ARN}/*`, { Condition: { StringLike: { 'aws:PrincipalAccount': '*' } } })),
      'AccessDenied 403',
    ],
    [
      'everybody but one account',
      document(
        says('*', 's3:GetObject', `${ARN}/*`, { Condition: { StringNotEquals: { 'aws:PrincipalAccount': OTHER } } }),
      ),
      'AccessDenied 403',
    ],
    [
      'everybody of one account',
      document(
        says('*', 's3:GetObject', `${ARN}/*`, { Condition: { StringEquals: { 'aws:PrincipalAccount': OTHER } } }),
      ),
      'no error',
    ],
  ])('of %s', async (_what, Policy, expected) => {
    const { client } = await open();

    expect(await failure(client.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toBe(expected);
  });

  it('that is public lets nobody in while RestrictPublicBuckets holds', async () => {
    const { client, stranger } = await open();
    const get = () => failure(stranger.send(new GetObjectCommand({ Bucket, Key })));
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await setPolicy(client, says('*', 's3:GetObject'));

    expect(await get()).toBe('no error');
    const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await get()).toBe('AccessDenied 403');
  });

  it('is the business of its own account, whatever it says', async () => {
    const { stranger } = await open(says(STRANGER, 's3:*', ARN));
    const Policy = document(says(STRANGER, 's3:*'));

    expect(await failure(stranger.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toBe('MethodNotAllowed 405');
    expect(await failure(stranger.send(new GetBucketPolicyCommand({ Bucket })))).toBe('MethodNotAllowed 405');
    expect(await failure(stranger.send(new DeleteBucketPolicyCommand({ Bucket })))).toBe('MethodNotAllowed 405');
  });

  it('denies its own account too', async () => {
    const { client } = await open({ ...says('*', 's3:PutObject'), Effect: 'Deny' });

    const error = await errorOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })));

    expect(error.message).toContain('with an explicit deny in a resource-based policy');
    expect(await failure(client.send(new GetObjectCommand({ Bucket, Key })))).toBe('no error');
  });
});

describe('another account', () => {
  it('gets in by what the policy says, and no further', async () => {
    const { stranger } = await open(says(STRANGER, 's3:GetObject', `${ARN}/key`), says(STRANGER, 's3:ListBucket', ARN));

    expect(await failure(stranger.send(new GetObjectCommand({ Bucket, Key })))).toBe('no error');
    expect(await failure(stranger.send(new HeadObjectCommand({ Bucket, Key })))).toBe('no error');
    expect(await failure(stranger.send(new ListObjectsV2Command({ Bucket })))).toBe('no error');
    expect(await failure(stranger.send(new GetObjectCommand({ Bucket, Key: 'other' })))).toBe('AccessDenied 403');
    expect(await failure(stranger.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })))).toBe('AccessDenied 403');
    const Delete = { Objects: [{ Key }] };
    const { Errors } = await stranger.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Errors).toMatchObject([{ Key, Code: 'AccessDenied' }]);
  });

  it('sees the owner, not itself, as the one to be expected', async () => {
    const { stranger } = await open(says(STRANGER, 's3:GetObject'));
    const get = (ExpectedBucketOwner: string) =>
      failure(stranger.send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner })));

    expect([await get(ACCOUNT), await get(OTHER)]).toEqual(['no error', 'AccessDenied 403']);
  });

  it('cannot take the name of a bucket, whatever its policy says', async () => {
    const { stranger } = await open(says(STRANGER, 's3:*', ARN));
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };

    const call = stranger.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));

    expect(await failure(call)).toBe('BucketAlreadyExists 409');
  });
});

describe('a role', () => {
  async function actor(...statements: readonly object[]) {
    const bench = createIamBench();
    const owner = bench.account.client(S3Client, { region: 'eu-west-1' });
    await owner.send(new CreateBucketCommand({ Bucket }));
    await owner.send(new PutObjectCommand({ Bucket, Key, Body: 'body' }));
    const arn = await bench.role('worker');
    if (statements.length > 0) await bench.grant('worker', ...statements);
    return { owner, arn, client: (await bench.assume(arn)).client(S3Client) };
  }

  it('of the bucket’s account gets in by the policy alone, or by its own', async () => {
    const { owner, arn, client } = await actor();
    const get = () => failure(client.send(new GetObjectCommand({ Bucket, Key })));

    expect(await get()).toBe('AccessDenied 403');
    await setPolicy(owner, says({ AWS: arn }, 's3:GetObject'));
    expect(await get()).toBe('no error');
    await setPolicy(owner, { ...says({ AWS: arn }, 's3:GetObject'), Effect: 'Deny' });
    expect(await get()).toBe('AccessDenied 403');
  });

  it('is held by conditions of the policy', async () => {
    const { owner, arn, client } = await actor();
    await setPolicy(
      owner,
      says({ AWS: arn }, 's3:PutObject', `${ARN}/*`, {
        Condition: { StringEquals: { 's3:x-amz-storage-class': 'STANDARD_IA' } },
      }),
    );
    const put = (rest: object) => failure(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...rest })));

    expect(await put({})).toBe('AccessDenied 403');
    expect(await put({ StorageClass: 'STANDARD_IA' })).toBe('no error');
  });
});

describe('the rights to copy', () => {
  const SOURCE = 'acme-source';
  const SOURCE_ARN = `arn:aws:s3:::${SOURCE}/from`;
  const TARGET_ARN = `${ARN}/to`;
  const PLAIN = [allow('s3:GetObject', SOURCE_ARN), allow('s3:PutObject', TARGET_ARN)];
  const READS_TAGS = allow('s3:GetObjectTagging', SOURCE_ARN);
  const TAGS = allow('s3:PutObjectTagging', TARGET_ARN);

  /** A role with these rights, and a source, in the same account or in another one. */
  async function bench(rights: readonly object[], { Tagging, account }: { Tagging?: string; account?: string } = {}) {
    const iam = createIamBench();
    const owner = iam.account.client(S3Client, { region: 'eu-west-1' });
    const sourceOwner = iam.account.client(S3Client, { region: 'eu-west-1', ...(account && { account }) });
    await owner.send(new CreateBucketCommand({ Bucket }));
    await sourceOwner.send(new CreateBucketCommand({ Bucket: SOURCE }));
    const Status = 'Enabled' as const;
    await sourceOwner.send(new PutBucketVersioningCommand({ Bucket: SOURCE, VersioningConfiguration: { Status } }));
    const put = new PutObjectCommand({ Bucket: SOURCE, Key: 'from', Body: 'body', Tagging });
    const { VersionId } = await sourceOwner.send(put);
    const arn = await iam.role('worker');
    await iam.grant('worker', ...rights);
    const client = (await iam.assume(arn)).client(S3Client);
    const copy = (rest: Partial<CopyObjectCommandInput> = {}) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${SOURCE}/from`, ...rest }));
    return { arn, copy, sourceOwner, version: { CopySource: `${SOURCE}/from?versionId=${VersionId}` } };
  }

  async function missing(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => 'nothing',
      (error: unknown) => /perform: (\S+)/.exec((error as Error).message)?.[1] ?? String(error),
    );
  }

  it('are those to get and to put', async () => {
    const none = await bench([allow('s3:PutObject', `${ARN}/elsewhere`)]);
    expect(await missing(none.copy())).toBe('s3:PutObject');
    const [, put] = PLAIN;
    expect(await missing((await bench([put!])).copy())).toBe('s3:GetObject');
    expect(await missing((await bench(PLAIN)).copy())).toBe('nothing');
  });

  it('of a version are those to get versions, with that version', async () => {
    const { copy, version } = await bench(PLAIN);
    expect(await missing(copy(version))).toBe('s3:GetObjectVersion');
    const [, put] = PLAIN;
    const versions = await bench([allow('s3:GetObjectVersion', SOURCE_ARN), put!]);
    expect(await missing(versions.copy(versions.version))).toBe('nothing');
    expect(await missing(versions.copy())).toBe('s3:GetObject');
  });

  it('of an object with tags are those to read and to write tags', async () => {
    const tagged = { Tagging: 'a=1' };
    expect(await missing((await bench(PLAIN, tagged)).copy())).toBe('s3:GetObjectTagging');
    expect(await missing((await bench([...PLAIN, READS_TAGS], tagged)).copy())).toBe('s3:PutObjectTagging');
    expect(await missing((await bench([...PLAIN, READS_TAGS, TAGS], tagged)).copy())).toBe('nothing');
    const anew = { TaggingDirective: 'REPLACE', Tagging: 'b=2' } as const;
    expect(await missing((await bench([...PLAIN, TAGS], tagged)).copy(anew))).toBe('nothing');
    expect(await missing((await bench(PLAIN, tagged)).copy({ TaggingDirective: 'REPLACE' }))).toBe('nothing');
    const all = [...PLAIN, allow('s3:GetObjectVersion', SOURCE_ARN), READS_TAGS, TAGS];
    const one = await bench(all, tagged);
    expect(await missing(one.copy(one.version))).toBe('s3:GetObjectVersionTagging');
  });

  it('with an ACL are those to put ACLs, with If-Match those to get', async () => {
    expect(await missing((await bench(PLAIN)).copy({ ACL: 'bucket-owner-full-control' }))).toBe('s3:PutObjectAcl');
    expect(await missing((await bench(PLAIN)).copy({ IfMatch: '"x"' }))).toBe('s3:GetObject');
  });

  it('know conditions on the tags of the source', async () => {
    const Condition = { StringEquals: { 's3:ExistingObjectTag/kind': 'public' } };
    const rights = [allow('s3:GetObject', SOURCE_ARN, Condition), PLAIN[1]!, READS_TAGS, TAGS];

    expect(await missing((await bench(rights, { Tagging: 'kind=secret' })).copy())).toBe('s3:GetObject');
    expect(await missing((await bench(rights, { Tagging: 'kind=public' })).copy())).toBe('nothing');
  });

  it('of another account’s object need that bucket’s word', async () => {
    const { arn, copy, sourceOwner } = await bench(PLAIN, { account: OTHER });
    expect(await failure(copy())).toBe('AccessDenied 403');
    const statement = { Effect: 'Allow', Principal: { AWS: arn }, Action: 's3:GetObject', Resource: SOURCE_ARN };
    await sourceOwner.send(new PutBucketPolicyCommand({ Bucket: SOURCE, Policy: document(statement) }));

    expect(await failure(copy({ ExpectedSourceBucketOwner: OTHER }))).toBe('no error');
    expect(await failure(copy({ ExpectedSourceBucketOwner: ACCOUNT }))).toBe('AccessDenied 403');
    const tagging = { Bucket: SOURCE, Key: 'from', Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } };
    await sourceOwner.send(new PutObjectTaggingCommand(tagging));
    expect(await missing(copy())).toBe('s3:GetObjectTagging');
  });
});
