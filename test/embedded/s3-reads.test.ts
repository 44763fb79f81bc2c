import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, NOW, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'key';

describe('a range', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=9-99', '9', 'bytes 9-9/10'],
  ])('%s', async (Range, expected, ContentRange) => {
    const { client, put } = await openWithBucket();
    await put(Key, { Body: '0123456789' });

    const got = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, Range }));

    expect(await got.Body!.transformToString()).toBe(expected);
    expect(got).toMatchObject({ ContentRange, ContentLength: expected.length });
    expect(got).not.toHaveProperty('ChecksumCRC32');
    expect(head).toMatchObject({ ContentRange, ContentLength: expected.length });
  });

  it('behind the end cannot be read', async () => {
    const { client, put } = await openWithBucket();
    await put(Key, { Body: '0123456789' });

    const error = await errorOf(client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=10-' })));

    expect(error).toMatchObject({ name: 'InvalidRange', ActualObjectSize: '10', $metadata: { httpStatusCode: 416 } });
  });

  it('that is none is the whole object', async () => {
    const { client, put } = await openWithBucket();
    await put(Key, { Body: '0123456789' });

    const got = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1,4-5' }));

    expect(await got.Body!.transformToString()).toBe('0123456789');
    expect(got).not.toHaveProperty('ContentRange');
  });

  it('of a sparse object of terabytes is read where the whole is not', async () => {
    const { account, client } = await openWithBucket();
    account.putSparseObject({ bucket: Bucket, key: Key, size: 1024 ** 4 });
    const read = async (Range?: string) => client.send(new GetObjectCommand({ Bucket, Key, Range }));

    expect(await failure(read())).toBe('NotEmbedded 400');
    const from = 1024 ** 3;
    const part = await (await read(`bytes=${from}-${from + 99}`)).Body!.transformToByteArray();
    const inside = await (await read(`bytes=${from + 10}-${from + 19}`)).Body!.transformToByteArray();
    expect(part).toHaveLength(100);
    expect(inside).toEqual(part.slice(10, 20));
  });
});

describe('an object under a key of the customer', () => {
  it('is listed, and neither looked at, read nor copied by whoever does not send the key', async () => {
    const { account, client } = await openWithBucket();
    account.putSparseObject({ bucket: Bucket, key: Key, size: 5, customerKey: true });

    const { Contents } = await client.send(
      new ListObjectsV2Command({ Bucket, OptionalObjectAttributes: ['RestoreStatus'] }),
    );
    expect(Contents).toMatchObject([{ Key, Size: 5 }]);
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('Unknown 400');
    expect(await failure(client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' })))).toBe(
      'InvalidRequest 400',
    );
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` });
    expect(await failure(client.send(copy))).toBe('InvalidRequest 400');
  });
});

describe('what an object is put with', () => {
  it('comes back: class, redirect and date of expiry', async () => {
    const { client, put } = await openWithBucket();
    const Expires = new Date(NOW + 86_400_000);
    await put(Key, { StorageClass: 'INTELLIGENT_TIERING', WebsiteRedirectLocation: '/other', Expires });

    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));

    expect(head).toMatchObject({ StorageClass: 'INTELLIGENT_TIERING', WebsiteRedirectLocation: '/other', Expires });
    expect(Contents).toMatchObject([{ StorageClass: 'INTELLIGENT_TIERING' }]);
  });

  it('the default class is not told', async () => {
    const { client, put } = await openWithBucket();
    await put(Key, { StorageClass: 'STANDARD' });

    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).not.toHaveProperty('StorageClass');
  });
});

describe('checksums of 123456789', () => {
  it.each([
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['CRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const)('by %s', async (ChecksumAlgorithm, expected) => {
    const { client, put } = await openWithBucket();
    await put(Key, { Body: '123456789', ChecksumAlgorithm });

    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));

    expect(head[`Checksum${ChecksumAlgorithm}`]).toBe(expected);
    expect(Contents).toMatchObject([{ ChecksumAlgorithm: [ChecksumAlgorithm] }]);
  });

  it.each([
    ['ChecksumCRC32C', '4waSgw=='],
    ['ChecksumCRC64NVME', 'rosUhgp5mIg='],
    ['ChecksumMD5', 'JfnnlDI7RTiF9RgfG2JNCw=='],
  ])('%s of the request is held against the octets', async (field, value) => {
    const { put } = await openWithBucket();

    expect(await put(Key, { Body: '123456789', [field]: value })).toHaveProperty(field, value);
    expect(await failure(put(Key, { Body: '12345678', [field]: value }))).toBe('BadDigest 400');
  });
});
