import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  NoSuchUpload,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type {
  CompleteMultipartUploadCommandInput,
  CompletedPart,
  CreateMultipartUploadCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, NOW, OTHER, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { BUCKET, BUCKET_ARN, QUEUE, openEventsBench } from '../support/events-bench.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const Key = 'large';

function md5(...octets: readonly Uint8Array[]): string {
  return createHash('md5').update(Buffer.concat(octets)).digest('hex');
}

function part(character: string, size: number = 5 * MIB): Buffer {
  return Buffer.alloc(size, character);
}

async function begin(client: S3Client, rest: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...rest }));
  return UploadId!;
}

async function upload(client: S3Client, UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

function complete(
  client: S3Client,
  UploadId: string,
  Parts: CompletedPart[],
  rest: Partial<CompleteMultipartUploadCommandInput> = {},
) {
  return client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...rest }),
  );
}

async function openUploads(client: S3Client): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return Uploads.length;
}

describe('a multipart upload', () => {
  it('becomes one object of its parts, in the order of their numbers', async () => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    const second = await upload(client, UploadId, 7, part('b', 3));
    const first = await upload(client, UploadId, 2, part('a'));

    const done = await complete(client, UploadId, [first, second]);

    const digests = [first, second].map(({ ETag }) => Buffer.from(ETag!.replaceAll('"', ''), 'hex'));
    expect(first.ETag).toBe(`"${md5(part('a'))}"`);
    expect(done).toMatchObject({ Bucket, Key, ETag: `"${md5(...digests)}-2"`, ServerSideEncryption: 'AES256' });
    const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(ContentLength).toBe(5 * MIB + 3);
    expect(md5(await Body!.transformToByteArray())).toBe(md5(part('a'), part('b', 3)));
    expect(await openUploads(client)).toBe(0);
  });

  it('gives the object what was said at its begin', async () => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client, {
      CacheControl: 'no-store',
      ContentType: 'text/csv',
      ContentLanguage: 'de',
      Expires: new Date('2030-01-01T00:00:00Z'),
      Metadata: { Team: 'billing' },
      Tagging: 'kind=invoice&a%20b=c%2Bd',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
      ACL: 'bucket-owner-full-control',
    });
    await complete(client, UploadId, [await upload(client, UploadId, 1, part('a', 1))]);

    expect(await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))).toMatchObject({
      CacheControl: 'no-store',
      ContentType: 'text/csv',
      ContentLanguage: 'de',
      ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
      Metadata: { team: 'billing' },
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
      TagCount: 2,
      ChecksumType: 'FULL_OBJECT',
      ChecksumCRC64NVME: expect.any(String),
    });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).toEqual([
      { Key: 'a b', Value: 'c+d' },
      { Key: 'kind', Value: 'invoice' },
    ]);
  });

  it('replaces a part that is uploaded again, and drops those that are not listed', async () => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    const old = await upload(client, UploadId, 1, part('a'));
    const fresh = await upload(client, UploadId, 1, part('b', 2));
    await upload(client, UploadId, 2, part('c', 2));

    expect(await failure(complete(client, UploadId, [old]))).toBe('InvalidPart 400');
    await complete(client, UploadId, [fresh]);

    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body!.transformToString()).toBe('bb');
  });

  it('is gone once it is completed or aborted', async () => {
    const { client } = await openWithBucket();
    const completed = await begin(client);
    const parts = [await upload(client, completed, 1, part('a', 1))];
    await complete(client, completed, parts);
    const aborted = await begin(client);
    await upload(client, aborted, 1, part('a', 1));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: aborted }));

    for (const UploadId of [completed, aborted, 'unheard-of']) {
      const where = { Bucket, Key, UploadId };
      const error = await errorOf(client.send(new ListPartsCommand(where)));
      expect(error).toMatchObject({ name: 'NoSuchUpload', UploadId, $metadata: { httpStatusCode: 404 } });
      expect(await failure(upload(client, UploadId, 1, part('a', 1)))).toBe('NoSuchUpload 404');
      expect(await failure(complete(client, UploadId, parts))).toBe('NoSuchUpload 404');
    }
    expect(
      await errorOf(client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: aborted }))),
    ).toBeInstanceOf(NoSuchUpload);
    const Other = await begin(client);
    expect(await failure(client.send(new ListPartsCommand({ Bucket, Key: 'other', UploadId: Other })))).toBe(
      'NoSuchUpload 404',
    );
  });

  it.each([
    ['parts out of order', [2, 1], 'InvalidPartOrder 400'],
    ['a part twice', [1, 1], 'InvalidPartOrder 400'],
    ['a part that was not uploaded', [1, 9], 'InvalidPart 400'],
    ['no parts', [], 'MalformedXML 400'],
    ['a part before the last with less than 5 MiB', [1, 2, 3], 'EntityTooSmall 400'],
    ['less than 5 MiB in the last part', [1, 2], 'no error'],
  ])('with %s', async (_what, numbers, expected) => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    const uploaded = new Map([
      [1, await upload(client, UploadId, 1, part('a'))],
      [2, await upload(client, UploadId, 2, part('b', 5 * MIB - 1))],
      [3, await upload(client, UploadId, 3, part('c'))],
    ]);
    const listed = numbers.map((PartNumber) => uploaded.get(PartNumber) ?? { PartNumber, ETag: '"00"' });

    expect(await failure(complete(client, UploadId, listed))).toBe(expected);
    expect(await openUploads(client)).toBe(expected === 'no error' ? 0 : 1);
  });

  it.each([0, 10_001])('has no part %d', async (PartNumber) => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    expect(await failure(upload(client, UploadId, PartNumber, part('a', 1)))).toBe('InvalidArgument 400');
  });

  it('holds its size and the condition of whoever completes it', async () => {
    const { client, put } = await openWithBucket();
    const { ETag } = await put(Key);
    const UploadId = await begin(client);
    const parts = [await upload(client, UploadId, 1, part('a', 3))];

    expect(await failure(complete(client, UploadId, parts, { MpuObjectSize: 4 }))).toBe('InvalidRequest 400');
    expect(await failure(complete(client, UploadId, parts, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await failure(complete(client, UploadId, parts, { IfMatch: '"0"' }))).toBe('PreconditionFailed 412');
    expect(await failure(complete(client, UploadId, parts, { IfMatch: ETag, MpuObjectSize: 3 }))).toBe('no error');
  });

  it('tells of its object once it is completed, and of nothing before', async () => {
    const bench = await openEventsBench();
    await bench.queue('s3.amazonaws.com', { ArnEquals: { 'aws:SourceArn': BUCKET_ARN } });
    await bench.notify({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:*'] }] });
    await bench.account.settled();
    await bench.letters();
    const where = { Bucket: BUCKET, Key: 'a b/ü' };
    const { UploadId } = await bench.s3.send(new CreateMultipartUploadCommand(where));
    const { ETag } = await bench.s3.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: 'octets' }));
    await bench.account.settled();
    expect(await bench.letters()).toEqual([]);

    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const done = await bench.s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload }));
    await bench.account.settled();

    const records = (await bench.letters()).map((letter) => JSON.parse(letter) as { Records: unknown[] });
    expect(records).toMatchObject([
      {
        Records: [
          {
            eventName: 'ObjectCreated:CompleteMultipartUpload',
            s3: { object: { key: 'a+b/%C3%BC', size: 6, eTag: done.ETag?.replaceAll('"', '') } },
          },
        ],
      },
    ]);
  });

  it('goes with its bucket', async () => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    await upload(client, UploadId, 1, part('a', 1));
    await client.send(new DeleteBucketCommand({ Bucket }));
    await client.send(new CreateBucketCommand({ Bucket }));

    expect(await openUploads(client)).toBe(0);
    expect(await failure(client.send(new ListPartsCommand({ Bucket, Key, UploadId })))).toBe('NoSuchUpload 404');
  });
});

describe('checksums of an upload', () => {
  it.each([
    ['SHA256', undefined, 'COMPOSITE'],
    ['CRC32', undefined, 'COMPOSITE'],
    ['CRC32C', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
  ] as const)('by %s (%s) are %s', async (ChecksumAlgorithm, ChecksumType, expected) => {
    const { client, put } = await openWithBucket();
    await put('whole', { Body: Buffer.concat([part('a'), part('b', 9)]), ChecksumAlgorithm });
    const UploadId = await begin(client, { ChecksumAlgorithm, ...(ChecksumType && { ChecksumType }) });
    const where = { Bucket, Key, UploadId, CopySource: `${Bucket}/whole` };
    for (const [PartNumber, CopySourceRange] of [
      [1, `bytes=0-${5 * MIB - 1}`],
      [2, `bytes=${5 * MIB}-${5 * MIB + 8}`],
    ] as const) {
      await client.send(new UploadPartCopyCommand({ ...where, PartNumber, CopySourceRange }));
    }
    const field = `Checksum${ChecksumAlgorithm}` as const;
    const { Parts = [], ...listed } = await client.send(new ListPartsCommand(where));
    expect(listed).toMatchObject({ ChecksumAlgorithm, ChecksumType: expected });
    const parts = Parts.map(({ PartNumber, ETag, [field]: sum }) => ({ PartNumber, ETag, [field]: sum }));
    const bare = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    const wrong = [{ ...parts[0]!, [field]: parts[1]![field] }, parts[1]!];

    expect(await failure(complete(client, UploadId, wrong))).toBe('InvalidPart 400');
    expect(await failure(complete(client, UploadId, parts, { [field]: 'AAAAAA==' }))).toBe('BadDigest 400');
    if (expected === 'COMPOSITE') expect(await failure(complete(client, UploadId, bare))).toBe('InvalidRequest 400');
    const done = await complete(client, UploadId, parts, { ChecksumType: expected });

    const { [field]: whole } = await client.send(
      new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }),
    );
    if (expected === 'FULL_OBJECT') expect(done[field]).toBe(whole);
    else expect(done[field]).toMatch(/-2$/);
    expect(done.ChecksumType).toBe(expected);
  });

  it('of digests are never of the whole object, of CRC64NVME always', async () => {
    const { client } = await openWithBucket();
    for (const [ChecksumAlgorithm, ChecksumType] of [
      ['SHA256', 'FULL_OBJECT'],
      ['CRC64NVME', 'COMPOSITE'],
      [undefined, 'COMPOSITE'],
    ] as const) {
      expect(await failure(begin(client, { ChecksumAlgorithm, ChecksumType }))).toBe('InvalidRequest 400');
    }
  });
});

describe('a part that is copied', () => {
  it('is a range of an object of any size', async () => {
    const { account, client } = await openWithBucket();
    account.putSparseObject({ bucket: Bucket, key: 'vast', size: 6 * GIB + 5 });
    const { ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: 'vast' }));
    const UploadId = await begin(client);
    const copy = (PartNumber: number, CopySourceRange?: string, CopySourceIfMatch = ETag) =>
      client.send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber,
          CopySource: `${Bucket}/vast`,
          CopySourceRange,
          CopySourceIfMatch,
        }),
      );

    expect(await failure(copy(1))).toBe('InvalidRequest 400');
    expect(await failure(copy(1, `bytes=0-${5 * GIB}`))).toBe('InvalidRequest 400');
    expect(await failure(copy(1, `bytes=0-${6 * GIB + 5}`))).toBe('InvalidArgument 400');
    expect(await failure(copy(1, 'bytes=5-'))).toBe('InvalidArgument 400');
    expect(await failure(copy(1, 'bytes=0-9', '"other"'))).toBe('PreconditionFailed 412');
    const first = await copy(1, `bytes=0-${5 * GIB - 1}`);
    const second = await copy(2, `bytes=${5 * GIB}-${6 * GIB + 4}`);
    await complete(client, UploadId, [
      { PartNumber: 1, ETag: first.CopyPartResult!.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult!.ETag },
    ]);

    const sums = [];
    for (const one of ['vast', Key]) {
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: one, ChecksumMode: 'ENABLED' }));
      sums.push([head.ContentLength, head.ChecksumCRC64NVME]);
    }
    expect(sums[1]).toEqual(sums[0]);
    expect(sums[0]![0]).toBe(6 * GIB + 5);
  });

  it('is no range of an object of up to 5 MiB, but may be all of it', async () => {
    const { client, put } = await openWithBucket();
    await put('small');
    const UploadId = await begin(client);
    const where = { Bucket, Key, UploadId, PartNumber: 1, CopySource: `/${Bucket}/small` };

    expect(await failure(client.send(new UploadPartCopyCommand({ ...where, CopySourceRange: 'bytes=0-1' })))).toBe(
      'InvalidRequest 400',
    );
    expect(await failure(client.send(new UploadPartCopyCommand(where)))).toBe('no error');
    expect(await failure(client.send(new UploadPartCopyCommand({ ...where, ExpectedSourceBucketOwner: OTHER })))).toBe(
      'AccessDenied 403',
    );
    expect(await failure(client.send(new UploadPartCopyCommand({ ...where, ExpectedBucketOwner: OTHER })))).toBe(
      'AccessDenied 403',
    );
    expect(await failure(client.send(new UploadPartCopyCommand({ ...where, CopySource: `${Bucket}/absent` })))).toBe(
      'NoSuchKey 404',
    );
  });
});

describe('lists', () => {
  it('of parts come in pages', async () => {
    const { client } = await openWithBucket();
    const UploadId = await begin(client);
    for (const number of [3, 1, 20]) await upload(client, UploadId, number, part('a', number));
    const where = { Bucket, Key, UploadId };

    const first = await client.send(new ListPartsCommand({ ...where, MaxParts: 2 }));
    expect(first).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '3',
      MaxParts: 2,
      StorageClass: 'STANDARD',
    });
    expect(first.Initiator?.ID).toMatch(/^arn:aws:iam::111122223333:/);
    expect(first.Parts).toEqual([
      { PartNumber: 1, Size: 1, ETag: `"${md5(part('a', 1))}"`, LastModified: new Date(NOW) },
      { PartNumber: 3, Size: 3, ETag: `"${md5(part('a', 3))}"`, LastModified: new Date(NOW) },
    ]);
    const second = await client.send(new ListPartsCommand({ ...where, MaxParts: 2, PartNumberMarker: '3' }));
    expect(second).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 20 }] });
  });

  it('of uploads are by key, then by the order in which they began', async () => {
    const { client } = await openWithBucket();
    const ids: string[] = [];
    for (const key of ['b', 'a/1', 'b', 'a/2', 'c']) ids.push(await begin(client, { Key: key }));
    const list = async (rest: object) => {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, ...rest }));
      const shown = (page.Uploads ?? []).map(({ Key: key, UploadId }) => `${key} ${ids.indexOf(UploadId!)}`);
      return { page, shown: [...shown, ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)] };
    };

    expect((await list({})).shown).toEqual(['a/1 1', 'a/2 3', 'b 0', 'b 2', 'c 4']);
    expect((await list({ Prefix: 'a/' })).shown).toEqual(['a/1 1', 'a/2 3']);
    expect((await list({ Delimiter: '/' })).shown).toEqual(['b 0', 'b 2', 'c 4', 'a/']);
    expect((await list({ KeyMarker: 'a/2' })).shown).toEqual(['b 0', 'b 2', 'c 4']);
    expect((await list({ UploadIdMarker: ids[4] })).shown).toHaveLength(5);
    const { page, shown } = await list({ MaxUploads: 3 });
    expect(shown).toEqual(['a/1 1', 'a/2 3', 'b 0']);
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b', NextUploadIdMarker: ids[0] });
    const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    expect(rest.shown).toEqual(['b 2', 'c 4']);
    expect(rest.page.IsTruncated).toBe(false);
  });
});
