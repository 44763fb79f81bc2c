import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Bucket, NOW, OTHER, failure, openWithBucket } from '../support/embedded-s3.ts';
import type { S3Bench } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const OWNER = '111122223333';
const Key = 'copy';
const CopySource = `${Bucket}/source`;
const MD5_OF_BODY = '"841a2d689ad86bd1611447453c22c6fc"';

function copy({ client }: S3Bench, rest: Partial<CopyObjectCommandInput> = {}) {
  return client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...rest }));
}

function head({ client }: S3Bench, rest: object = {}) {
  return client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED', ...rest }));
}

async function tags({ client }: S3Bench) {
  return (await client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet!.map((one) => one.Key);
}

const EXPIRES = new Date(NOW + 86_400_000);

/** A bucket with an object that has all that an object may have. */
async function openWithSource() {
  const bench = await openWithBucket();
  const source = await bench.put('source', {
    CacheControl: 'no-store',
    ContentDisposition: 'inline',
    ContentEncoding: 'identity',
    ContentLanguage: 'de',
    ContentType: 'text/plain',
    Expires: EXPIRES,
    Metadata: { Color: 'red' },
    StorageClass: 'STANDARD_IA',
    WebsiteRedirectLocation: '/elsewhere',
    Tagging: 'a=1&b=2',
  });
  bench.account.elapse(60_000);
  return { ...bench, source };
}

describe('a copy', () => {
  it('has octets, headers, metadata and tags of its source, and neither class nor redirect', async () => {
    const bench = await openWithSource();

    const answer = await copy(bench);

    expect(answer).toMatchObject({
      CopyObjectResult: { ETag: MD5_OF_BODY, LastModified: new Date(NOW + 60_000), ChecksumType: 'FULL_OBJECT' },
      ServerSideEncryption: 'AES256',
    });
    expect(answer).not.toHaveProperty('VersionId');
    const { $metadata: _metadata, ...fields } = await head(bench);
    expect(fields).toEqual({
      AcceptRanges: 'bytes',
      LastModified: new Date(NOW + 60_000),
      ContentLength: 4,
      ETag: MD5_OF_BODY,
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      Expires: EXPIRES,
      ExpiresString: EXPIRES.toUTCString(),
      ServerSideEncryption: 'AES256',
      Metadata: { color: 'red' },
      TagCount: 2,
      ChecksumCRC32: bench.source.ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
    });
    expect(await tags(bench)).toEqual(['a', 'b']);
    expect(await bench.text(Key)).toBe('body');
  });

  it('has of the request what its directives replace', async () => {
    const bench = await openWithSource();

    await copy(bench, {
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
      ContentType: 'text/html',
      Metadata: { Size: 'small' },
      Tagging: 'c=3',
      StorageClass: 'GLACIER_IR',
      WebsiteRedirectLocation: 'https://example.com/',
      ChecksumAlgorithm: 'SHA256',
      ACL: 'bucket-owner-full-control',
    });

    const answer = await head(bench);
    expect(answer).toMatchObject({
      ContentType: 'text/html',
      Metadata: { size: 'small' },
      StorageClass: 'GLACIER_IR',
      WebsiteRedirectLocation: 'https://example.com/',
      ChecksumSHA256: 'Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=',
    });
    expect(answer).not.toHaveProperty('CacheControl');
    expect(answer).not.toHaveProperty('Expires');
    expect(await tags(bench)).toEqual(['c']);
  });

  it('leaves metadata and tags of the request alone unless directives say REPLACE', async () => {
    const bench = await openWithSource();

    await copy(bench, { ContentType: 'text/html', Metadata: { size: 'small' }, Tagging: 'c=3' });

    expect(await head(bench)).toMatchObject({ ContentType: 'text/plain', Metadata: { color: 'red' } });
    expect(await tags(bench)).toEqual(['a', 'b']);
  });

  it.each([
    ['with a slash before it', `/${Bucket}/source`],
    ['encoded', encodeURIComponent(`${Bucket}/source`)],
  ])('names its source %s', async (_what, source) => {
    const bench = await openWithSource();

    expect(await failure(copy(bench, { CopySource: source }))).toBe('no error');
  });

  it('takes a source whose key needs encoding, and one that looks like a version', async () => {
    const bench = await openWithBucket();
    await bench.put('grüße & more/?versionId=x', { Body: 'odd' });

    await copy(bench, { CopySource: `${Bucket}/${encodeURIComponent('grüße & more/?versionId=x')}` });

    expect(await bench.text(Key)).toBe('odd');
  });

  it('takes a plus sign for a blank, as forms do: a key that has one is written with %2B', async () => {
    const bench = await openWithBucket();
    await bench.put('a+b c', { Body: 'plus' });
    await bench.put('a b c', { Body: 'blanks' });

    await copy(bench, { CopySource: `${Bucket}/a+b+c` });
    expect(await bench.text(Key)).toBe('blanks');
    await copy(bench, { CopySource: `${Bucket}/a%2Bb%20c` });
    expect(await bench.text(Key)).toBe('plus');
  });

  it('crosses regions and accounts of one owner’s file only towards its own endpoint', async () => {
    const bench = await openWithSource();
    const virginia = bench.account.client(S3Client, { region: 'us-east-1' });
    bench.account.inventBucket('far', { region: 'us-east-1' });

    await virginia.send(new CopyObjectCommand({ Bucket: 'far', Key, CopySource }));

    const { Body } = await virginia.send(new GetObjectCommand({ Bucket: 'far', Key }));
    expect(await Body!.transformToString()).toBe('body');
    expect(await failure(copy(bench, { Bucket: 'far' }))).toBe('PermanentRedirect 301');
  });

  it('of a sparse object is the same octets, up to 5 GiB', async () => {
    const bench = await openWithBucket();
    const limit = 5 * 1024 ** 3;
    for (const [key, size] of [
      ['fits', limit],
      ['large', limit + 1],
    ] as const) {
      bench.account.putSparseObject({ bucket: Bucket, key, size });
    }

    await copy(bench, { CopySource: `${Bucket}/fits` });

    const [{ ETag }, copied] = [await head(bench, { Key: 'fits' }), await head(bench)];
    expect(copied).toMatchObject({ ETag, ContentLength: limit });
    const refused = await errorOf(copy(bench, { CopySource: `${Bucket}/large` }));
    expect(refused).toMatchObject({ name: 'InvalidRequest', message: expect.stringContaining('5368709120') as string });
  });

  it('onto itself must change something', async () => {
    const bench = await openWithSource();
    const onto = (rest: object = {}) => failure(copy(bench, { Key: 'source', ...rest }));

    expect(await onto()).toBe('InvalidRequest 400');
    expect(await onto({ MetadataDirective: 'COPY', TaggingDirective: 'REPLACE' })).toBe('InvalidRequest 400');
    expect(await onto({ MetadataDirective: 'REPLACE' })).toBe('no error');
    expect(await onto({ StorageClass: 'STANDARD' })).toBe('no error');
  });

  it.each([
    ['no bucket', { CopySource: 'nowhere/source' }, 'NoSuchBucket 404'],
    ['no object', { CopySource: `${Bucket}/absent` }, 'NoSuchKey 404'],
    ['no version', { CopySource: `${CopySource}?versionId=${'x'.repeat(32)}` }, 'NoSuchVersion 404'],
    ['no version id', { CopySource: `${CopySource}?versionId=no%20id` }, 'InvalidArgument 400'],
    ['no key', { CopySource: `${Bucket}/` }, 'InvalidArgument 400'],
    ['no text', { CopySource: '%E0%A4%A' }, 'InvalidArgument 400'],
    ['an access point', { CopySource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/b' }, 'NotEmbedded 400'],
  ])('of %s is refused', async (_what, fields, expected) => {
    expect(await failure(copy(await openWithSource(), fields))).toBe(expected);
  });

  it.each([
    ['an unknown directive', { MetadataDirective: 'MERGE' as 'COPY' }, 'InvalidArgument 400'],
    ['a public list of grants', { ACL: 'public-read' as const }, 'AccessControlListNotSupported 400'],
    ['a class of other buckets', { StorageClass: 'OUTPOSTS' as const }, 'InvalidStorageClass 400'],
    ['a redirect to nowhere', { WebsiteRedirectLocation: 'x' }, 'InvalidRedirectLocation 400'],
    [
      'too much metadata',
      { MetadataDirective: 'REPLACE' as const, Metadata: { a: 'x'.repeat(2048) } },
      'MetadataTooLarge 400',
    ],
    ['a long key', { Key: 'x'.repeat(1025) }, 'KeyTooLongError 400'],
    ['a lock', { ObjectLockMode: 'GOVERNANCE' as const }, 'NotEmbedded 400'],
  ])('with %s is refused', async (_what, fields, expected) => {
    const bench = await openWithSource();

    expect(await failure(copy(bench, fields))).toBe(expected);
    expect(await failure(head(bench))).toBe('NotFound 404');
  });
});

describe('conditions on the source', () => {
  const before = new Date(NOW - 1000);
  const same = new Date(NOW);
  it.each([
    ['If-Match of its ETag', { CopySourceIfMatch: MD5_OF_BODY }, true],
    ['If-Match of another', { CopySourceIfMatch: '"other"' }, false],
    ['If-None-Match of its ETag', { CopySourceIfNoneMatch: MD5_OF_BODY }, false],
    ['If-None-Match of another', { CopySourceIfNoneMatch: '"other"' }, true],
    ['If-Modified-Since before it', { CopySourceIfModifiedSince: before }, true],
    ['If-Modified-Since its date', { CopySourceIfModifiedSince: same }, false],
    ['If-Unmodified-Since its date', { CopySourceIfUnmodifiedSince: same }, true],
    ['If-Unmodified-Since before it', { CopySourceIfUnmodifiedSince: before }, false],
    ['its ETag and an older date', { CopySourceIfMatch: MD5_OF_BODY, CopySourceIfUnmodifiedSince: before }, true],
    ['another ETag and its own date', { CopySourceIfNoneMatch: MD5_OF_BODY, CopySourceIfModifiedSince: before }, false],
  ])('%s', async (_what, conditions, isCopied) => {
    const bench = await openWithSource();

    expect(await failure(copy(bench, conditions))).toBe(isCopied ? 'no error' : 'PreconditionFailed 412');
    expect(await failure(head(bench))).toBe(isCopied ? 'no error' : 'NotFound 404');
  });
});

describe('conditions on the destination', () => {
  it('let one of several copies win', async () => {
    const bench = await openWithSource();

    const results = await Promise.allSettled([1, 2, 3].map(() => copy(bench, { IfNoneMatch: '*' })));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await failure(copy(bench, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await failure(copy(bench, { IfMatch: '"other"' }))).toBe('PreconditionFailed 412');
    expect(await failure(copy(bench, { IfMatch: MD5_OF_BODY }))).toBe('no error');
    expect(await failure(copy(bench, { Key: 'absent', IfMatch: MD5_OF_BODY }))).toBe('NoSuchKey 404');
  });
});

describe('owners that are expected', () => {
  it.each([
    [{ ExpectedBucketOwner: OWNER, ExpectedSourceBucketOwner: OWNER }, 'no error'],
    [{ ExpectedBucketOwner: OTHER }, 'AccessDenied 403'],
    [{ ExpectedSourceBucketOwner: OTHER }, 'AccessDenied 403'],
    [{ ExpectedSourceBucketOwner: 'me' }, 'InvalidBucketOwnerAWSAccountID 400'],
  ])('%j', async (owners, expected) => {
    expect(await failure(copy(await openWithSource(), owners))).toBe(expected);
  });
});

describe('an archived object', () => {
  it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('of %s is looked at, and not read or copied', async (StorageClass) => {
    const bench = await openWithBucket();
    await bench.put('source', { StorageClass });

    expect(await head(bench, { Key: 'source' })).toMatchObject({ StorageClass });
    const read = await errorOf(bench.client.send(new GetObjectCommand({ Bucket, Key: 'source' })));
    expect(read).toMatchObject({ name: 'InvalidObjectState', StorageClass });
    expect(await failure(copy(bench))).toBe('ObjectNotInActiveTierError 403');
  });
});

describe('with versions', () => {
  async function openVersioned() {
    const bench = await openWithBucket();
    await bench.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    return bench;
  }

  it('a copy is of the newest or of a version, and a version of its own', async () => {
    const bench = await openVersioned();
    const one = await bench.put('source', { Body: 'one' });
    const two = await bench.put('source', { Body: 'two' });

    const newest = await copy(bench);
    expect(newest).toMatchObject({ CopySourceVersionId: two.VersionId });
    expect(await bench.text(Key)).toBe('two');
    const older = await copy(bench, { CopySource: `${CopySource}?versionId=${one.VersionId}` });
    expect(older).toMatchObject({ CopySourceVersionId: one.VersionId });
    expect(await bench.text(Key)).toBe('one');

    const { Versions } = await bench.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions!.map(({ VersionId }) => VersionId)).toEqual([older.VersionId, newest.VersionId]);
  });

  it('an older version is restored onto its own key', async () => {
    const bench = await openVersioned();
    const one = await bench.put('source', { Body: 'one' });
    await bench.put('source', { Body: 'two' });

    await copy(bench, { Key: 'source', CopySource: `${CopySource}?versionId=${one.VersionId}` });

    expect(await bench.text('source')).toBe('one');
  });

  it('a delete marker is no source', async () => {
    const bench = await openVersioned();
    await bench.put('source');
    const { VersionId } = await bench.client.send(new DeleteObjectCommand({ Bucket, Key: 'source' }));

    expect(await failure(copy(bench))).toBe('NoSuchKey 404');
    expect(await failure(copy(bench, { CopySource: `${CopySource}?versionId=${VersionId}` }))).toBe(
      'InvalidRequest 400',
    );
  });
});

describe('an error in the body of a 200', () => {
  const fault = { service: 's3', command: 'CopyObject', fault: 'error-in-body' } as const;
  const XML = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>`;

  /** The real SDK over a connection that answers so. */
  async function failOverHttp(): Promise<Error> {
    const respond = () => ({
      response: { statusCode: 200, headers: { 'content-type': 'application/xml' }, body: Readable.from([XML]) },
    });
    const requestHandler = { handle: () => Promise.resolve(respond()), destroy() {}, metadata: {} };
    const client = new S3Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: requestHandler as never,
      maxAttempts: 1,
    });
    return errorOf(client.send(new CopyObjectCommand({ Bucket, Key, CopySource })));
  }

  it('is seen as the SDK shows it, and nothing is copied', async () => {
    const bench = await openWithBucket({ faults: [{ ...fault, times: 3 }] });
    await bench.put('source');

    const error = await errorOf(copy(bench));

    expect(error).toMatchObject({ name: 'InternalError', $fault: 'server', $metadata: { httpStatusCode: 503 } });
    expect(await failure(head(bench))).toBe('NotFound 404');
    const real = (await failOverHttp()) as Error & { Code?: string; $fault?: string; $metadata?: object };
    expect(error).toMatchObject({ name: real.name, Code: real.Code, $fault: real.$fault });
    expect(real.$metadata).toMatchObject({ httpStatusCode: 503 });
  });

  it('is tried again', async () => {
    const bench = await openWithBucket({ faults: [fault] });
    await bench.put('source');

    await copy(bench);

    expect(await bench.text(Key)).toBe('body');
  });
});
