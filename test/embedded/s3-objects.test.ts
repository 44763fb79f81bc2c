import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ReadableStream as WebStream } from 'node:stream/web';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { Bucket, NOW, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const MD5_OF_HELLO = '"5d41402abc4b2a76b9719d911017c592"';

async function body(chunks: Readable | string | Uint8Array, length?: number) {
  const bench = await openWithBucket();
  await bench.put('key', { Body: chunks, ContentLength: length });
  return bench.text('key');
}

describe('the body of an object', () => {
  it.each([
    ['a string', 'grüße', undefined],
    ['octets', new TextEncoder().encode('grüße'), undefined],
    ['a buffer', Buffer.from('grüße'), undefined],
    ['a part of a buffer', Buffer.from('[grüße]').subarray(1, -1), undefined],
    ['a stream of a known length', Readable.from([Buffer.from('grü'), Buffer.from('ße')]), 7],
  ])('comes back from %s', async (_what, given, length) => {
    expect(await body(given, length)).toBe('grüße');
  });

  it('comes back from a file and from a long stream', async () => {
    const folder = mkdtempSync(join(tmpdir(), 's3-'));
    const path = join(folder, 'long');
    const long = 'x'.repeat(1_000_000);
    writeFileSync(path, long);
    try {
      expect(await body(createReadStream(path))).toBe(long);
      const chunks = Array.from({ length: 100 }, () => Buffer.alloc(10_000, 'x'));
      expect(await body(Readable.from(chunks), 1_000_000)).toBe(long);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be empty', async () => {
    expect(await body('')).toBe('');
    const { client } = await openWithBucket();
    await client.send(new PutObjectCommand({ Bucket, Key: 'key' }));
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: 'key' }));
    expect(ContentLength).toBe(0);
  });

  it('cannot be a stream whose length nobody says, as with the connection of the SDK', async () => {
    const error = await errorOf(body(Readable.from([Buffer.from('grüße')])));

    expect(error.name).toBe('TypeError');
    expect(error.message).toContain('Invalid value "undefined" for header "x-amz-decoded-content-length"');
  });

  it('is not written when its stream fails', async () => {
    const { client, put } = await openWithBucket();
    async function* broken() {
      yield Buffer.from('gr');
      await Promise.reject(new Error('the disk is gone'));
    }
    const Body = Readable.from(broken());

    const error = await errorOf(put('key', { Body, ContentLength: 7 }));

    expect(error.message).toContain('the disk is gone');
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key: 'key' })))).toBe('NotFound 404');
  });

  it('is read as octets, as a web stream or as a stream, once', async () => {
    const { client, put } = await openWithBucket();
    await put('key', { Body: 'hello' });
    const get = async () => (await client.send(new GetObjectCommand({ Bucket, Key: 'key' }))).Body!;

    expect(await (await get()).transformToByteArray()).toEqual(new TextEncoder().encode('hello'));
    expect(await (await get()).transformToString('base64')).toBe('aGVsbG8=');
    expect(await text((await get()) as Readable)).toBe('hello');
    expect(await text((await get()).transformToWebStream() as WebStream)).toBe('hello');
    const twice = await get();
    await twice.transformToString();
    await expect(twice.transformToString()).rejects.toThrow('already been transformed');
  });

  it('above 8 MB is refused by name', async () => {
    const error = await errorOf(body(Buffer.alloc(8 * 1024 * 1024 + 1)));

    expect(error.name).toBe('NotEmbedded');
    expect(await body(Buffer.alloc(8 * 1024 * 1024, 'x'))).toHaveLength(8 * 1024 * 1024);
  });
});

describe('an object', () => {
  it('has the ETag of its MD5 and the checksum that the SDK asked for', async () => {
    const { client, put } = await openWithBucket();

    const written = await put('key', { Body: 'hello' });
    const read = await client.send(new GetObjectCommand({ Bucket, Key: 'key' }));

    expect(written).toMatchObject({
      ETag: MD5_OF_HELLO,
      ServerSideEncryption: 'AES256',
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
    });
    const { Body: _body, $metadata: _metadata, ...fields } = read;
    expect(fields).toEqual({
      AcceptRanges: 'bytes',
      LastModified: new Date(NOW),
      ContentLength: 5,
      ETag: MD5_OF_HELLO,
      ContentType: 'application/octet-stream',
      ServerSideEncryption: 'AES256',
      Metadata: {},
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('keeps its headers and its metadata, names of metadata in lower case', async () => {
    const { client, put } = await openWithBucket();
    const headers = {
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ContentType: 'application/json',
    };

    await put('key', { ...headers, Metadata: { Holder: 'one' }, Tagging: 'a=1&b=x%20y' });

    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'key' }));
    expect(head).toMatchObject({ ...headers, Metadata: { holder: 'one' }, TagCount: 2 });
    expect(head).not.toHaveProperty('ChecksumCRC32');
    expect(head).not.toHaveProperty('Body');
  });

  it('is overwritten whole', async () => {
    const { client, put, text: textOf } = await openWithBucket();
    await put('key', { Body: 'one', Metadata: { a: '1' }, Tagging: 'a=1' });

    await put('key', { Body: 'two' });

    expect(await textOf('key')).toBe('two');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'key' }));
    expect(head.Metadata).toEqual({});
    expect(head).not.toHaveProperty('TagCount');
  });

  it('that is not there is NoSuchKey, and NotFound to HEAD', async () => {
    const { client } = await openWithBucket();
    const Key = 'absent';

    const error = await errorOf(client.send(new GetObjectCommand({ Bucket, Key })));
    expect(error).toBeInstanceOf(NoSuchKey);
    expect(error).toMatchObject({ message: 'The specified key does not exist.', Code: 'NoSuchKey', Key });
    const unseen = await errorOf(client.send(new HeadObjectCommand({ Bucket, Key })));
    expect(unseen).toBeInstanceOf(NotFound);
    expect(unseen).toMatchObject({ message: 'UnknownError', $metadata: { httpStatusCode: 404 } });
    const lost = await errorOf(client.send(new GetObjectCommand({ Bucket: 'nowhere', Key })));
    expect(lost).toBeInstanceOf(NoSuchBucket);
    expect(lost).toMatchObject({ BucketName: 'nowhere', $metadata: { httpStatusCode: 404 } });
  });

  it.each([
    ['a key of more than 1,024 octets', { Key: 'ü'.repeat(513) }, 'KeyTooLongError 400'],
    ['metadata of more than 2 KB', { Metadata: { a: 'x'.repeat(2048) } }, 'MetadataTooLarge 400'],
    ['another MD5', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'BadDigest 400'],
    ['another checksum', { ChecksumSHA256: 'AAAA' }, 'BadDigest 400'],
    ['a public list of grants', { ACL: 'public-read' as const }, 'AccessControlListNotSupported 400'],
    ['a key of KMS', { ServerSideEncryption: 'aws:kms' as const }, 'NotEmbedded 400'],
    ['a storage class of other buckets', { StorageClass: 'EXPRESS_ONEZONE' as const }, 'InvalidStorageClass 400'],
    ['an algorithm that is not computed here', { ChecksumXXHASH64: 'AAAA' }, 'NotEmbedded 400'],
    ['a redirect to nowhere', { WebsiteRedirectLocation: 'elsewhere' }, 'InvalidRedirectLocation 400'],
    ['a tag twice', { Tagging: 'a=1&a=2' }, 'InvalidArgument 400'],
    ['eleven tags', { Tagging: 'a&b&c&d&e&f&g&h&i&j&k' }, 'BadRequest 400'],
    ['a reserved tag', { Tagging: 'aws:a=1' }, 'InvalidTag 400'],
  ])('with %s is refused', async (_what, fields, expected) => {
    const { client, put } = await openWithBucket();
    const { Key = 'key', ...rest } = fields as { readonly Key?: string };

    expect(await failure(put(Key, rest))).toBe(expected);

    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound 404');
  });

  it('may be checked by SHA-256', async () => {
    const { put } = await openWithBucket();
    const sha256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';

    expect(await put('key', { Body: 'hello', ChecksumAlgorithm: 'SHA256' })).toMatchObject({ ChecksumSHA256: sha256 });
    expect(await put('key', { Body: 'hello', ChecksumSHA256: sha256 })).toMatchObject({ ChecksumSHA256: sha256 });
  });

  it.each([['ResponseCacheControl'], ['ResponseContentType']])('is not read with %s here', async (field) => {
    const { client, put } = await openWithBucket();
    await put('key');

    const call = client.send(new GetObjectCommand({ Bucket, Key: 'key', [field]: 'x' }));

    expect(await failure(call)).toBe('NotEmbedded 400');
  });

  it('stands in the trail by bucket and key, without its body', async () => {
    const { account, put } = await openWithBucket();
    await put('key', { Body: 'secret', Metadata: { a: 'b' } });

    const event = account.events().at(-1)!;

    expect(event).toMatchObject({ eventSource: 's3.amazonaws.com', eventName: 'PutObject', readOnly: false });
    expect(event.requestParameters).toEqual({ bucketName: Bucket, key: 'key' });
    expect(JSON.stringify(account.events())).not.toContain('secret');
  });
});

describe('deleting', () => {
  it('an object that is not there is no error', async () => {
    const { client, put } = await openWithBucket();
    await put('key');

    await client.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));

    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key: 'key' })))).toBe('NotFound 404');
  });

  it('many says what was deleted and what was not', async () => {
    const { client, put } = await openWithBucket();
    await put('a');
    await put('b');
    const Objects = [{ Key: 'a' }, { Key: 'b', ETag: '"other"' }, { Key: 'c' }];

    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    expect(Deleted).toEqual([{ Key: 'a' }, { Key: 'c' }]);
    expect(Errors).toEqual([{ Key: 'b', Code: 'PreconditionFailed', Message: expect.any(String) as string }]);
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key: 'b' })))).toBe('no error');
  });

  it('many in quiet says nothing of what was deleted', async () => {
    const { client } = await openWithBucket();
    const Delete = { Objects: [{ Key: 'a' }], Quiet: true };

    const { $metadata: _metadata, ...answer } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));

    expect(answer).toEqual({});
  });

  it.each([[0], [1001]])('%i objects at once is refused', async (count) => {
    const { client } = await openWithBucket();
    const Objects = Array.from({ length: count }, (_, index) => ({ Key: `k${index}` }));

    const call = client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    expect(await failure(call)).toBe('MalformedXML 400');
  });
});

describe('tags of an object', () => {
  it('are replaced and removed, and leave the object as it is', async () => {
    const { account, client, put } = await openWithBucket();
    const Key = 'key';
    const { ETag } = await put(Key, { Tagging: 'a=1&b=2' });
    const tags = async () => (await client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
    account.elapse(60_000);

    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    const TagSet = [{ Key: 'c', Value: '3' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet);
    await client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tags()).toEqual([]);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ETag, LastModified: new Date(NOW) });
  });

  it('of no object are NoSuchKey', async () => {
    const { client } = await openWithBucket();

    expect(await failure(client.send(new GetObjectTaggingCommand({ Bucket, Key: 'key' })))).toBe('NoSuchKey 404');
  });
});

describe('an account file', () => {
  it('keeps buckets and objects', async () => {
    const folder = mkdtempSync(join(tmpdir(), 's3-'));
    const file = join(folder, 'account.json');
    try {
      const before = await openWithBucket({}, file);
      const octets = Uint8Array.from({ length: 256 }, (_, index) => index);
      const { ETag } = await before.put('grüße/😀', { Body: octets, Metadata: { a: '1' }, Tagging: 'a=1' });
      before.account.close();

      const account = openEmbedded(file);
      const client = account.client(S3Client, { region: 'eu-west-1' });
      const read = await client.send(new GetObjectCommand({ Bucket, Key: 'grüße/😀' }));

      expect(read).toMatchObject({ ETag, Metadata: { a: '1' }, TagCount: 1, LastModified: new Date(NOW) });
      expect(await read.Body!.transformToByteArray()).toEqual(octets);
      expect(await failure(client.send(new CreateBucketCommand({ Bucket })))).toBe('BucketAlreadyOwnedByYou 409');
      account.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
