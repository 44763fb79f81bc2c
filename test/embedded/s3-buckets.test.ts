import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  NotFound,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { BucketLocationConstraint, CreateBucketCommandInput } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { Bucket, NOW, OTHER, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

function open(region: string, rest: { readonly account?: string } = {}) {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(S3Client, { region, ...rest });
  const create = (name: string, more: Partial<CreateBucketCommandInput> = {}) =>
    client.send(new CreateBucketCommand({ Bucket: name, ...more }));
  return { account, client, create };
}

function inRegion(LocationConstraint: string) {
  return { CreateBucketConfiguration: { LocationConstraint: LocationConstraint as BucketLocationConstraint } };
}

describe('a bucket that is made up', () => {
  it.each(['eu-west-1', 'us-east-1'])('is private and in its region, %s, once', async (region) => {
    const { account, client } = open(region);

    expect([account.inventBucket(Bucket, { region }), account.inventBucket(Bucket, { region })]).toEqual([true, false]);

    const { LocationConstraint: found = 'us-east-1' } = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(found).toBe(region);
    const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicPolicy: true });
    expect(account.inventBucket(Bucket, { region, account: '444455556666' })).toBe(false);
  });

  it('has a name that S3 takes', () => {
    expect(() => open('eu-west-1').account.inventBucket('a..b')).toThrow('The specified bucket is not valid');
  });
});

describe('creating a bucket', () => {
  it('makes one in the region of the client, all of it private', async () => {
    const { client, create } = open('eu-west-1');

    expect(await create(Bucket)).toMatchObject({ Location: `http://${Bucket}.s3.amazonaws.com/` });

    const head = await client.send(new HeadBucketCommand({ Bucket }));
    expect(head).toMatchObject({ BucketRegion: 'eu-west-1', AccessPointAlias: false });
    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('eu-west-1');
    const block = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(block.PublicAccessBlockConfiguration!)).toEqual([true, true, true, true]);
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration).toEqual({
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    });
  });

  it('takes a name with dots', async () => {
    const { client, create } = open('eu-west-1');

    await create('leases.example.com');

    const call = client.send(new HeadBucketCommand({ Bucket: 'leases.example.com' }));
    expect(await failure(call)).toBe('no error');
  });

  it('in us-east-1 names no location', async () => {
    const { client, create } = open('us-east-1');

    expect(await create(Bucket)).toMatchObject({ Location: `/${Bucket}` });

    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBeUndefined();
  });

  it.each([
    ['us-east-1', 'us-east-1', 'InvalidLocationConstraint 400'],
    ['us-east-1', 'eu-west-1', 'no error'],
    ['eu-west-1', 'eu-west-1', 'no error'],
    ['eu-west-1', 'EU', 'no error'],
    ['eu-west-1', 'us-east-1', 'IllegalLocationConstraintException 400'],
    ['eu-west-1', 'eu-central-1', 'IllegalLocationConstraintException 400'],
  ])('from %s with the location %s: %s', async (region, place, expected) => {
    const { create } = open(region);

    expect(await failure(create(Bucket, inRegion(place)))).toBe(expected);
  });

  it.each([
    ['ab'],
    ['a'.repeat(64)],
    ['-start'],
    ['end-'],
    ['two..dots'],
    ['192.168.5.4'],
    ['xn--name'],
    ['sthree-name'],
    ['amzn-s3-demo-name'],
    ['name-s3alias'],
    ['name--ol-s3'],
    ['name.mrap'],
    ['name-an'],
  ])('refuses the name %s', async (name) => {
    const { create } = open('eu-west-1');

    expect(await failure(create(name))).toBe('InvalidBucketName 400');
  });

  it('refuses a name that anybody has', async () => {
    const { account, create } = open('eu-west-1');
    await create(Bucket);
    const other = account.client(S3Client, { region: 'us-west-2', account: OTHER });

    expect(await errorOf(other.send(new CreateBucketCommand({ Bucket })))).toBeInstanceOf(BucketAlreadyExists);
    expect(await errorOf(create(Bucket))).toBeInstanceOf(BucketAlreadyOwnedByYou);
    const home = account.client(S3Client, { region: 'us-east-1' });
    expect(await failure(home.send(new CreateBucketCommand({ Bucket })))).toBe('BucketAlreadyOwnedByYou 409');
  });

  it('again in us-east-1 answers as if it were made, and changes nothing', async () => {
    const { client, create } = open('us-east-1');
    const tags = (Value: string) => ({ CreateBucketConfiguration: { Tags: [{ Key: 'owner', Value }] } });
    await create(Bucket, tags('one'));

    await create(Bucket, tags('two'));

    const { TagSet } = await client.send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toEqual([{ Key: 'owner', Value: 'one' }]);
  });

  it('of several clients makes one', async () => {
    const { account } = open('eu-west-1');
    const accounts = ['111122223333', OTHER, '777788889999'];

    const results = await Promise.allSettled(
      accounts.map((id) =>
        account.client(S3Client, { region: 'eu-west-1', account: id }).send(new CreateBucketCommand({ Bucket })),
      ),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['lists of grants', { ACL: 'public-read' as const }],
    ['object lock', { ObjectLockEnabledForBucket: true }],
    ['another owner of objects', { ObjectOwnership: 'ObjectWriter' as const }],
  ])('with %s is refused by name', async (_what, fields) => {
    const { create } = open('eu-west-1');

    expect(await failure(create(Bucket, fields))).toBe('NotEmbedded 400');
  });
});

describe('the account-regional namespace', () => {
  const BucketNamespace = 'account-regional';
  const name = 'leases-111122223333-eu-west-1-an';

  it('has the names that end in the account and the region', async () => {
    const { client, create } = open('eu-west-1');

    expect(await create(name, { BucketNamespace })).toMatchObject({ Location: `/${name}` });

    expect(await failure(client.send(new HeadBucketCommand({ Bucket: name })))).toBe('no error');
    expect(await failure(create(name, { BucketNamespace }))).toBe('BucketAlreadyOwnedByYou 409');
  });

  it.each([
    ['without the header', name, 'global', 'MissingNamespaceHeader 400'],
    ['with another account', 'leases-444455556666-eu-west-1-an', BucketNamespace, 'InvalidNamespaceHeader 400'],
    ['with another region', 'leases-111122223333-eu-west-2-an', BucketNamespace, 'InvalidNamespaceHeader 400'],
    ['with a common name', 'leases', BucketNamespace, 'InvalidNamespaceHeader 400'],
    ['in the global one', 'leases', 'global', 'no error'],
  ] as const)('%s', async (_what, wanted, namespace, expected) => {
    const { create } = open('eu-west-1');

    expect(await failure(create(wanted, { BucketNamespace: namespace }))).toBe(expected);
  });
});

describe('tags of a bucket', () => {
  it('can be there from its creation on, are replaced whole and removed', async () => {
    const { client, create } = open('eu-west-1');
    const tags = async () => (await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
    const Tags = [
      { Key: 'trueup:owner', Value: 'acme' },
      { Key: 'a', Value: '' },
    ];

    await create(Bucket, { CreateBucketConfiguration: { Tags } });
    expect(await tags()).toEqual(Tags.toReversed());
    const TagSet = [{ Key: 'b', Value: '2' }];
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet);
    await client.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await failure(tags())).toBe('NoSuchTagSet 404');
  });

  it.each([
    ['twice the same key', ['a', 'a']],
    ['a reserved key', ['aws:a']],
    ['an empty key', ['']],
    ['51 of them', Array.from({ length: 51 }, (_, index) => `k${index}`)],
  ])('are refused with %s', async (_what, keys) => {
    const { client, create } = open('eu-west-1');
    await create(Bucket);
    const TagSet = keys.map((Key) => ({ Key, Value: '1' }));

    const call = client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));

    expect(await failure(call)).toBe('InvalidTag 400');
  });
});

describe('settings of a bucket', () => {
  it('let public access be opened, and the block be removed', async () => {
    const { client } = await openWithBucket();
    const block = async () =>
      (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;

    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await block()).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await failure(block())).toBe('NoSuchPublicAccessBlockConfiguration 404');
  });

  it('know one kind of encryption', async () => {
    const { client } = await openWithBucket();
    const encrypt = (SSEAlgorithm: 'AES256' | 'aws:kms') =>
      client.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }] },
        }),
      );

    expect(await failure(encrypt('AES256'))).toBe('no error');
    expect(await failure(encrypt('aws:kms'))).toBe('NotEmbedded 400');
  });
});

describe('a bucket that is not there', () => {
  it('is NotFound to HEAD and NoSuchBucket to others', async () => {
    const { client } = open('eu-west-1');

    expect(await errorOf(client.send(new HeadBucketCommand({ Bucket })))).toBeInstanceOf(NotFound);
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toBe('NoSuchBucket 404');
    expect(await failure(client.send(new GetBucketTaggingCommand({ Bucket })))).toBe('NoSuchBucket 404');
  });
});

describe('deleting a bucket', () => {
  it('waits until it is empty, and frees its name', async () => {
    const { account, client, put } = await openWithBucket();
    await put('key');

    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));
    await client.send(new DeleteBucketCommand({ Bucket }));

    expect(await failure(client.send(new HeadBucketCommand({ Bucket })))).toBe('NotFound 404');
    const other = account.client(S3Client, { region: 'us-west-2', account: OTHER });
    expect(await failure(other.send(new CreateBucketCommand({ Bucket })))).toBe('no error');
  });
});

describe('a bucket of another region', () => {
  it('is answered with a redirect, its location from us-east-1 with its region', async () => {
    const { account } = await openWithBucket();
    const client = account.client(S3Client, { region: 'us-east-1' });

    const error = await errorOf(client.send(new GetObjectCommand({ Bucket, Key: 'key' })));

    expect(error).toMatchObject({
      name: 'PermanentRedirect',
      Endpoint: `${Bucket}.s3.eu-west-1.amazonaws.com`,
      $metadata: { httpStatusCode: 301 },
    });
    expect(await failure(client.send(new HeadBucketCommand({ Bucket })))).toBe('Unknown 301');
    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('eu-west-1');
    const elsewhere = account.client(S3Client, { region: 'us-west-2' });
    expect(await failure(elsewhere.send(new GetBucketLocationCommand({ Bucket })))).toBe('PermanentRedirect 301');
  });
});

describe('listing buckets', () => {
  it('shows the own ones of all regions, page by page', async () => {
    const { account, client, create } = open('eu-west-1');
    for (const name of ['bbb', 'aaa', 'abc']) await create(name);
    const west = account.client(S3Client, { region: 'us-west-2' });
    await west.send(new CreateBucketCommand({ Bucket: 'aab' }));
    const other = account.client(S3Client, { region: 'eu-west-1', account: OTHER });
    await other.send(new CreateBucketCommand({ Bucket: 'ccc' }));
    const list = async (input: object) => client.send(new ListBucketsCommand(input));
    const names = async (input: object) => (await list(input)).Buckets!.map(({ Name }) => Name);

    expect(await names({})).toEqual(['aaa', 'aab', 'abc', 'bbb']);
    expect(await names({ Prefix: 'a' })).toEqual(['aaa', 'aab', 'abc']);
    expect(await names({ BucketRegion: 'eu-west-1' })).toEqual(['aaa', 'abc', 'bbb']);
    const first = await list({ MaxBuckets: 3 });
    expect(first.Buckets!.map(({ BucketRegion }) => BucketRegion)).toEqual(['eu-west-1', 'us-west-2', 'eu-west-1']);
    const second = await list({ MaxBuckets: 3, ContinuationToken: first.ContinuationToken });
    expect(second.Buckets!.map(({ Name }) => Name)).toEqual(['bbb']);
    expect(second.ContinuationToken).toBeUndefined();
    expect(await failure(list({ BucketRegion: 'us-west-2' }))).toBe('InvalidArgument 400');
    expect(await failure(list({ ContinuationToken: 'odd' }))).toBe('InvalidArgument 400');
  });

  it('without any is an empty list', async () => {
    const { client } = open('eu-west-1');

    expect((await client.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  });
});

describe('listing objects', () => {
  async function filled(...keys: readonly string[]) {
    const bench = await openWithBucket();
    for (const key of keys) await bench.put(key);
    const list = (input: object = {}) => bench.client.send(new ListObjectsV2Command({ Bucket, ...input }));
    return { ...bench, list };
  }

  it('leaves empty lists out', async () => {
    const { list } = await filled();

    const { $metadata: _metadata, ...answer } = await list();

    expect(answer).toEqual({ IsTruncated: false, Name: Bucket, Prefix: '', MaxKeys: 1000, KeyCount: 0 });
  });

  it('shows what an object is', async () => {
    const { list } = await filled('key');

    expect((await list({ FetchOwner: true })).Contents).toEqual([
      {
        Key: 'key',
        LastModified: new Date(NOW),
        ETag: '"841a2d689ad86bd1611447453c22c6fc"',
        ChecksumAlgorithm: ['CRC32'],
        ChecksumType: 'FULL_OBJECT',
        Size: 4,
        StorageClass: 'STANDARD',
        Owner: { ID: expect.stringMatching(/^[\da-f]{64}$/) as string },
      },
    ]);
  });

  it('sorts keys by their octets of UTF-8', async () => {
    const { list } = await filled('\u{1F600}', '\uFF01', 'b', 'B', 'ä');

    expect((await list()).Contents!.map(({ Key }) => Key)).toEqual(['B', 'b', 'ä', '\uFF01', '\u{1F600}']);
  });

  it('groups by prefix and delimiter, page by page', async () => {
    const { list } = await filled('a/1', 'a/2', 'b', 'c/1', 'd', 'other/x');
    const seen: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await list({ Delimiter: '/', MaxKeys: 2, ContinuationToken: token });
      expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
      seen.push([page.Contents?.map(({ Key }) => Key), page.CommonPrefixes?.map(({ Prefix }) => Prefix)]);
      token = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(token !== undefined);
    } while (token !== undefined);

    expect(seen).toEqual([
      [['b'], ['a/']],
      [['d'], ['c/']],
      [undefined, ['other/']],
    ]);
    const below = await list({ Prefix: 'a/', Delimiter: '/', StartAfter: 'a/1' });
    expect(below).toMatchObject({ KeyCount: 1, Contents: [{ Key: 'a/2' }], StartAfter: 'a/1' });
  });

  it('gives at most 1,000 keys, however many are asked for', async () => {
    const { list } = await filled(...Array.from({ length: 1001 }, (_, index) => `k${String(index).padStart(4, '0')}`));

    const first = await list({ MaxKeys: 5000 });
    const second = await list({ ContinuationToken: first.NextContinuationToken });

    expect([first.KeyCount, first.MaxKeys, first.IsTruncated]).toEqual([1000, 1000, true]);
    expect(second.Contents!.map(({ Key }) => Key)).toEqual(['k1000']);
    expect(await failure(list({ ContinuationToken: 'odd' }))).toBe('InvalidArgument 400');
  });
});
