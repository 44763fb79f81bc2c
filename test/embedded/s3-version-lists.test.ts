import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectVersionsCommandInput, ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bucket, NOW, failure, openWithBucket } from '../support/embedded-s3.ts';
import type { S3Bench } from '../support/embedded-s3.ts';

async function openVersioned() {
  const bench = await openWithBucket();
  await setVersioning(bench, 'Enabled');
  return bench;
}

function setVersioning({ client }: S3Bench, Status: 'Enabled' | 'Suspended') {
  return client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

/** All pages, joined. */
async function listAll({ client }: S3Bench, rest: Partial<ListObjectVersionsCommandInput> = {}) {
  const pages: ListObjectVersionsCommandOutput[] = [];
  for (let more = true, at = {}; more;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...rest, ...at }));
    pages.push(page);
    more = page.IsTruncated === true;
    at = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  return {
    pages: pages.length,
    versions: pages.flatMap(({ Versions = [] }) => Versions),
    markers: pages.flatMap(({ DeleteMarkers = [] }) => DeleteMarkers),
    prefixes: pages.flatMap(({ CommonPrefixes = [] }) => CommonPrefixes.map(({ Prefix }) => Prefix)),
  };
}

describe('ListObjectVersions', () => {
  it('tells of versions and markers, newest first', async () => {
    const bench = await openVersioned();
    const one = await bench.put('a', { Body: 'one' });
    const two = await bench.put('a', { Body: 'second' });
    const gone = await bench.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await bench.put('b');

    const { versions, markers } = await listAll(bench);

    expect(versions.map(({ Key, VersionId, IsLatest, Size }) => [Key, VersionId, IsLatest, Size])).toEqual([
      ['a', two.VersionId, false, 6],
      ['a', one.VersionId, false, 3],
      ['b', expect.any(String), true, 4],
    ]);
    expect(versions[0]).toMatchObject({ ETag: two.ETag, StorageClass: 'STANDARD', LastModified: new Date(NOW) });
    expect(markers).toEqual([
      {
        Key: 'a',
        VersionId: gone.VersionId,
        IsLatest: true,
        LastModified: new Date(NOW),
        Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    ]);
  });

  it('of a bucket without versions shows null ones', async () => {
    const bench = await openWithBucket();
    await bench.put('a');

    expect((await listAll(bench)).versions).toMatchObject([{ Key: 'a', VersionId: 'null', IsLatest: true }]);
  });

  it('groups by a delimiter, in pages too', async () => {
    const bench = await openVersioned();
    for (const key of ['a/1', 'a/2', 'a/2', 'b', 'c/1', 'd']) await bench.put(key);

    const { versions, prefixes, pages } = await listAll(bench, { Delimiter: '/', MaxKeys: 1 });

    expect(versions.map(({ Key }) => Key)).toEqual(['b', 'd']);
    expect(prefixes).toEqual(['a/', 'c/']);
    expect(pages).toBe(4);
    const inside = await listAll(bench, { Prefix: 'a/', Delimiter: '/', MaxKeys: 2 });
    expect(inside.versions.map(({ Key }) => Key)).toEqual(['a/1', 'a/2', 'a/2']);
  });

  it.each([
    [{ VersionIdMarker: 'x'.repeat(32) }, 'InvalidArgument 400'],
    [{ KeyMarker: 'a', VersionIdMarker: 'no id' }, 'InvalidArgument 400'],
    [{ MaxKeys: -1 }, 'InvalidArgument 400'],
    [{ EncodingType: 'base64' as 'url' }, 'InvalidArgument 400'],
  ])('with %j is refused', async (fields, expected) => {
    const { client } = await openVersioned();

    expect(await failure(client.send(new ListObjectVersionsCommand({ Bucket, ...fields })))).toBe(expected);
  });

  it('goes on behind a marker that is gone meanwhile', async () => {
    const bench = await openVersioned();
    const { VersionId } = await bench.put('a');
    await bench.put('b');
    await bench.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));

    const { versions } = await listAll(bench, { KeyMarker: 'a', VersionIdMarker: VersionId });

    expect(versions.map(({ Key }) => Key)).toEqual(['b']);
  });
});

describe('EncodingType url', () => {
  const keys = ['a b/(1)~*.txt', 'grüße+&=', 'z/1'];
  const encoded = ['a+b/%281%29%7E*.txt', 'gr%C3%BC%C3%9Fe%2B%26%3D', 'z/1'];

  it('writes keys as forms are encoded', async () => {
    const bench = await openWithBucket();
    for (const key of keys) await bench.put(key);
    const { client } = bench;

    const list = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', StartAfter: ' ' }));
    const versions = await listAll(bench, { EncodingType: 'url', MaxKeys: 1000 });
    const groups = await client.send(
      new ListObjectsV2Command({ Bucket, EncodingType: 'url', Delimiter: '/', Prefix: 'a ' }),
    );

    expect(list.Contents!.map(({ Key }) => Key)).toEqual(encoded);
    expect(list).toMatchObject({ EncodingType: 'url', StartAfter: '+' });
    expect(versions.versions.map(({ Key }) => Key)).toEqual(encoded);
    expect(groups).toMatchObject({ Prefix: 'a+', Delimiter: '/', CommonPrefixes: [{ Prefix: 'a+b/' }] });
  });
});

describe('100,000 objects', () => {
  it('are listed page by page, and by their groups', async () => {
    const { account, client } = await openWithBucket();
    const keys = Array.from({ length: 100_000 }, (_, index) => `${100_000 + index}/x`);
    for (const key of keys) account.putSparseObject({ bucket: Bucket, key, size: 1 });
    const seen: (string | undefined)[] = [];
    let pages = 0;

    for (let ContinuationToken: string | undefined, more = true; more; pages += 1) {
      const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
      seen.push(...page.Contents!.map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      more = ContinuationToken !== undefined;
    }

    expect(pages).toBe(100);
    expect(seen).toEqual(keys);
    const groups = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', StartAfter: '199997/x' }));
    expect(groups.CommonPrefixes).toEqual([{ Prefix: '199998/' }, { Prefix: '199999/' }]);
  });
});

/** What a bucket has, told simply: every version of a key in a list, newest first; the body `-` is a marker. */
class Model {
  readonly keys = new Map<string, { id: string; body: string }[]>();
  isOn = true;

  write(key: string, id: string, body: string): void {
    const before = (this.keys.get(key) ?? []).filter((one) => this.isOn || one.id !== 'null');
    this.keys.set(key, [{ id, body }, ...before]);
  }

  lines(): readonly (readonly [string, string, string, boolean])[] {
    return [...this.keys]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([key, versions]) =>
        versions.map(
          ({ id, body }, index) => [key, id, body === '-' ? '-' : String(body.length), index === 0] as const,
        ),
      );
  }
}

describe('any history', () => {
  const key = fc.constantFrom('a', 'a/b', 'b');
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('put' as const), key, size: fc.integer({ min: 1, max: 20 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete-version' as const), key, index: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('set' as const), isOn: fc.boolean() }) },
  );

  it('is told as it was, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30, size: 'max' }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, MaxKeys) => {
          const bench = await openVersioned();
          const model = new Model();
          for (const one of steps) await take(bench, model, one);

          const { versions, markers } = await listAll(bench, { MaxKeys });
          const told = new Map<string | undefined, unknown>();
          for (const { Key, VersionId, Size, IsLatest } of versions) {
            told.set(`${Key} ${VersionId}`, [Key, VersionId, String(Size), IsLatest]);
          }
          for (const { Key, VersionId, IsLatest } of markers) {
            told.set(`${Key} ${VersionId}`, [Key, VersionId, '-', IsLatest]);
          }
          const expected = model.lines();
          expect(told.size).toBe(versions.length + markers.length);
          expect(expected.map(([name, id]) => told.get(`${name} ${id}`))).toEqual(expected);
          expect(told.size).toBe(expected.length);
          const order = expected.filter(([, , size]) => size !== '-').map(([name, id]) => [name, id]);
          expect(versions.map(({ Key, VersionId }) => [Key, VersionId])).toEqual(order);
          const { Contents = [] } = await bench.client.send(new ListObjectsV2Command({ Bucket }));
          const newest = expected.filter(([, , size, isLatest]) => isLatest && size !== '-');
          expect(Contents.map(({ Key, Size }) => [Key, String(Size)])).toEqual(
            newest.map(([name, , size]) => [name, size]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  async function take(bench: S3Bench, model: Model, one: StepOf): Promise<void> {
    const { client } = bench;
    if (one.do === 'set') {
      await setVersioning(bench, one.isOn ? 'Enabled' : 'Suspended');
      model.isOn = one.isOn;
      return;
    }
    const Key = one.key;
    if (one.do === 'put') {
      const Body = 'x'.repeat(one.size);
      const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
      model.write(Key, VersionId!, Body);
    } else if (one.do === 'delete') {
      const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key }));
      model.write(Key, VersionId!, '-');
    } else {
      const versions = model.keys.get(Key) ?? [];
      const { id = 'null' } = versions[one.index] ?? {};
      await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: id }));
      model.keys.set(
        Key,
        versions.filter((version) => version.id !== id),
      );
    }
  }
});

type StepOf =
  | { readonly do: 'put'; readonly key: string; readonly size: number }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'delete-version'; readonly key: string; readonly index: number }
  | { readonly do: 'set'; readonly isOn: boolean };
