import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { BucketVersioningStatus } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, failure, openWithBucket } from '../support/embedded-s3.ts';
import type { S3Bench } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'key';
const UNKNOWN = 'x'.repeat(32);

function setVersioning({ client }: S3Bench, Status: BucketVersioningStatus) {
  return client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function openVersioned() {
  const bench = await openWithBucket();
  await setVersioning(bench, 'Enabled');
  return bench;
}

async function textOf({ client }: S3Bench, VersionId?: string) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body!.transformToString();
}

/** What the key has, newest first: its bodies, `-` for a delete marker. */
async function history(bench: S3Bench) {
  const { Versions = [], DeleteMarkers = [] } = await bench.client.send(new ListObjectVersionsCommand({ Bucket }));
  return { versions: Versions, markers: DeleteMarkers };
}

describe('versioning', () => {
  it('was never on, is on, and is suspended', async () => {
    const bench = await openWithBucket();
    const status = async () => (await bench.client.send(new GetBucketVersioningCommand({ Bucket }))).Status;

    expect(await status()).toBeUndefined();
    await setVersioning(bench, 'Enabled');
    expect(await status()).toBe('Enabled');
    await setVersioning(bench, 'Suspended');
    expect(await status()).toBe('Suspended');
  });

  it('cannot be anything else, and MFA is not embedded', async () => {
    const { client } = await openWithBucket();
    const put = (VersioningConfiguration: object) =>
      failure(client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));

    expect(await put({ Status: 'Off' })).toBe('IllegalVersioningConfigurationException 400');
    expect(await put({ Status: 'Enabled', MFADelete: 'Enabled' })).toBe('NotEmbedded 400');
  });

  it('that was never on shows no version ids', async () => {
    const { client, put } = await openWithBucket();

    expect(await put(Key)).not.toHaveProperty('VersionId');
    expect(await client.send(new GetObjectCommand({ Bucket, Key }))).not.toHaveProperty('VersionId');
    expect(await client.send(new GetObjectCommand({ Bucket, Key, VersionId: 'null' }))).toMatchObject({
      ContentLength: 4,
    });
    expect(await client.send(new DeleteObjectCommand({ Bucket, Key }))).not.toHaveProperty('DeleteMarker');
  });
});

describe('in a bucket with versions', () => {
  it('every write is kept under an id of its own', async () => {
    const bench = await openVersioned();
    const one = await bench.put(Key, { Body: 'one' });
    const two = await bench.put(Key, { Body: 'two' });

    expect(one.VersionId).toMatch(/^[\w.-]{32}$/);
    expect(two.VersionId).not.toBe(one.VersionId);
    expect(await textOf(bench)).toBe('two');
    expect(await textOf(bench, one.VersionId)).toBe('one');
    const head = await bench.client.send(new HeadObjectCommand({ Bucket, Key, VersionId: one.VersionId }));
    expect(head).toMatchObject({ VersionId: one.VersionId, ETag: one.ETag });
  });

  it('what was there before is the null version', async () => {
    const bench = await openWithBucket();
    await bench.put(Key, { Body: 'before' });
    await setVersioning(bench, 'Enabled');

    expect(await bench.client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ VersionId: 'null' });
    await bench.put(Key, { Body: 'after' });
    expect(await textOf(bench, 'null')).toBe('before');
  });

  it('a delete is a marker, also of a key that has nothing', async () => {
    const bench = await openVersioned();
    const { client, put } = bench;
    const { VersionId: written } = await put(Key, { Body: 'one' });

    const { DeleteMarker, VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key }));
    const other = await client.send(new DeleteObjectCommand({ Bucket, Key: 'other' }));

    expect(DeleteMarker).toBe(true);
    expect(other).toMatchObject({ DeleteMarker: true, VersionId: expect.stringMatching(/^[\w.-]{32}$/) as string });
    expect(await failure(textOf(bench))).toBe('NoSuchKey 404');
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound 404');
    expect(await textOf(bench, written)).toBe('one');
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toBeUndefined();

    const refused = await errorOf(textOf(bench, VersionId));
    expect(refused).toMatchObject({ name: 'MethodNotAllowed', Method: 'GET', ResourceType: 'DeleteMarker' });
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key, VersionId })))).toBe('Unknown 405');
  });

  it('a marker that is deleted brings the object back', async () => {
    const bench = await openVersioned();
    const { client, put } = bench;
    await put(Key, { Body: 'one' });
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key }));

    const gone = await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));

    expect(gone).toMatchObject({ DeleteMarker: true, VersionId });
    expect(await textOf(bench)).toBe('one');
  });

  it('a version that is deleted is gone for good; the one before is the newest again', async () => {
    const bench = await openVersioned();
    const { client, put } = bench;
    const one = await put(Key, { Body: 'one' });
    const two = await put(Key, { Body: 'two' });
    const three = await put(Key, { Body: 'three' });

    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: two.VersionId }));
    expect(await textOf(bench)).toBe('three');
    const gone = await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: three.VersionId }));
    expect(gone).not.toHaveProperty('DeleteMarker');
    expect(await textOf(bench)).toBe('one');
    expect(await failure(textOf(bench, two.VersionId))).toBe('NoSuchVersion 404');
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: one.VersionId }));
    expect(await history(bench)).toEqual({ versions: [], markers: [] });
  });

  it.each([
    [UNKNOWN, 'NoSuchVersion 404', 'no error'],
    ['null', 'NoSuchVersion 404', 'no error'],
    ['no id', 'InvalidArgument 400', 'InvalidArgument 400'],
  ])('the id %s is nobody’s', async (VersionId, read, deleted) => {
    const bench = await openVersioned();
    await bench.put(Key, { Body: 'one' });

    expect(await failure(textOf(bench, VersionId))).toBe(read);
    expect(await failure(bench.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toBe(deleted);
    expect(await textOf(bench)).toBe('one');
  });

  it('conditions look at the newest, and a marker is none', async () => {
    const { client, put } = await openVersioned();
    const { ETag } = await put(Key, { Body: 'one' });
    await client.send(new DeleteObjectCommand({ Bucket, Key }));

    expect(await failure(put(Key, { IfMatch: ETag }))).toBe('NoSuchKey 404');
    expect(await failure(put(Key, { IfNoneMatch: '*' }))).toBe('no error');
    expect(await failure(put(Key, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
  });

  it('tags belong to a version', async () => {
    const { client, put } = await openVersioned();
    const { VersionId } = await put(Key, { Tagging: 'a=1' });
    await put(Key, { Tagging: 'a=2' });
    const tags = async (id?: string) =>
      (await client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId: id }))).TagSet;
    const TagSet = [{ Key: 'b', Value: '3' }];

    const put3 = await client.send(new PutObjectTaggingCommand({ Bucket, Key, VersionId, Tagging: { TagSet } }));

    expect(put3.VersionId).toBe(VersionId);
    expect([await tags(), await tags(VersionId)]).toEqual([[{ Key: 'a', Value: '2' }], TagSet]);
    await client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect([await tags(), await tags(VersionId)]).toEqual([[], TagSet]);
  });

  it('many are deleted by key and by version', async () => {
    const bench = await openVersioned();
    const one = await bench.put('a', { Body: 'one' });
    const two = await bench.put('a', { Body: 'two' });
    await bench.put('b');
    const Objects = [
      { Key: 'a', VersionId: two.VersionId },
      { Key: 'a', VersionId: one.VersionId },
      { Key: 'b' },
      { Key: 'b', VersionId: 'no id' },
    ];

    const { Deleted, Errors } = await bench.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    const { versions, markers } = await history(bench);
    expect(Deleted).toEqual([
      { Key: 'a', VersionId: two.VersionId },
      { Key: 'a', VersionId: one.VersionId },
      { Key: 'b', DeleteMarker: true, DeleteMarkerVersionId: markers[0]!.VersionId },
    ]);
    expect(Errors).toMatchObject([{ Key: 'b', VersionId: 'no id', Code: 'InvalidArgument' }]);
    expect(versions.map((one_) => one_.Key)).toEqual(['b']);
  });

  it('a bucket with nothing but a marker is not empty', async () => {
    const { client } = await openVersioned();
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key }));

    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409');
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toBe('no error');
  });
});

describe('in a bucket whose versioning is suspended', () => {
  it('the null version is written over, and others stay', async () => {
    const bench = await openVersioned();
    const one = await bench.put(Key, { Body: 'one' });
    await setVersioning(bench, 'Suspended');

    const two = await bench.put(Key, { Body: 'two' });
    await bench.put(Key, { Body: 'three' });

    expect(two.VersionId).toBe('null');
    const { versions } = await history(bench);
    expect(versions.map(({ VersionId }) => VersionId)).toEqual(['null', one.VersionId]);
    expect([await textOf(bench, 'null'), await textOf(bench, one.VersionId)]).toEqual(['three', 'one']);
  });

  it('a delete takes the null version for good and leaves a null marker', async () => {
    const bench = await openVersioned();
    const one = await bench.put(Key, { Body: 'one' });
    await setVersioning(bench, 'Suspended');
    await bench.put(Key, { Body: 'two' });

    const gone = await bench.client.send(new DeleteObjectCommand({ Bucket, Key }));

    expect(gone).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const { versions, markers } = await history(bench);
    expect(versions.map(({ VersionId }) => VersionId)).toEqual([one.VersionId]);
    expect(markers).toMatchObject([{ Key, VersionId: 'null', IsLatest: true }]);
    await bench.put(Key, { Body: 'three' });
    expect((await history(bench)).markers).toEqual([]);
  });
});
