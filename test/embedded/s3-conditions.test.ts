import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, NOW, failure, openWithBucket } from '../support/embedded-s3.ts';
import { errorOf } from '../support/embedded-zone.ts';

const Key = 'lease';

describe('If-None-Match: *', () => {
  it('lets exactly one of two clients write', async () => {
    const { account, text } = await openWithBucket();
    const bodies = ['one', 'two', 'three', 'four'];
    const results = await Promise.allSettled(
      bodies.map((Body) =>
        account
          .client(S3Client, { region: 'eu-west-1' })
          .send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: '*' })),
      ),
    );

    const winners = bodies.filter((_body, index) => results[index]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await text(Key)).toBe(winners[0]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'PreconditionFailed' });
    }
  });

  it('is answered 412 where the object exists, and 501 for anything but *', async () => {
    const { put, text } = await openWithBucket();
    await put(Key, { Body: 'one' });

    const error = await errorOf(put(Key, { Body: 'two', IfNoneMatch: '*' }));

    expect(error).toMatchObject({
      name: 'PreconditionFailed',
      message: 'At least one of the pre-conditions you specified did not hold',
      Condition: 'If-None-Match',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await failure(put(Key, { IfNoneMatch: '"etag"' }))).toBe('NotImplemented 501');
    expect(await text(Key)).toBe('one');
  });

  it('sees its own first try after a lost reply', async () => {
    const lost = { service: 's3', command: 'PutObject', fault: 'lost-reply' } as const;
    const { put, text } = await openWithBucket({ faults: [lost] });

    expect(await failure(put(Key, { Body: 'mine', IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');

    expect(await text(Key)).toBe('mine');
  });
});

describe('If-Match', () => {
  it('swaps an object that nobody changed', async () => {
    const { put, text } = await openWithBucket();
    const first = await put(Key, { Body: 'one' });

    const second = await put(Key, { Body: 'two', IfMatch: first.ETag });

    expect(second.ETag).not.toBe(first.ETag);
    expect(await failure(put(Key, { Body: 'three', IfMatch: first.ETag }))).toBe('PreconditionFailed 412');
    expect(await text(Key)).toBe('two');
    await put(Key, { Body: 'three', IfMatch: second.ETag!.replaceAll('"', '') });
    expect(await text(Key)).toBe('three');
  });

  it('lets one of several swaps of the same state win', async () => {
    const { put, text } = await openWithBucket();
    const { ETag: IfMatch } = await put(Key, { Body: 'old' });

    const results = await Promise.allSettled(['a', 'b', 'c'].map((Body) => put(Key, { Body, IfMatch })));

    const [winner, ...others] = ['a', 'b', 'c'].filter((_body, index) => results[index]!.status === 'fulfilled');
    expect(others).toEqual([]);
    expect(await text(Key)).toBe(winner);
  });

  it('is answered 404 where there is no object', async () => {
    const { client, put } = await openWithBucket();

    expect(await failure(put(Key, { IfMatch: '"etag"' }))).toBe('NoSuchKey 404');
    expect(await failure(client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: '*' })))).toBe('NoSuchKey 404');
  });

  it('deletes what nobody changed', async () => {
    const { client, put, text } = await openWithBucket();
    const { ETag: old } = await put(Key, { Body: 'one' });
    const { ETag } = await put(Key, { Body: 'two' });

    const call = client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: old }));
    expect(await failure(call)).toBe('PreconditionFailed 412');
    expect(await text(Key)).toBe('two');
    await client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: ETag }));
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound 404');
  });
});

describe('a conditional read', () => {
  const earlier = new Date(NOW - 1000);
  const same = new Date(NOW);
  it.each([
    ['If-None-Match of the ETag', { IfNoneMatch: 'own' }, 304],
    ['If-None-Match of another', { IfNoneMatch: '"other"' }, 200],
    ['If-Match of the ETag', { IfMatch: 'own' }, 200],
    ['If-Match of another', { IfMatch: '"other"' }, 412],
    ['If-Modified-Since its date', { IfModifiedSince: same }, 304],
    ['If-Modified-Since before it', { IfModifiedSince: earlier }, 200],
    ['If-Unmodified-Since its date', { IfUnmodifiedSince: same }, 200],
    ['If-Unmodified-Since before it', { IfUnmodifiedSince: earlier }, 412],
    ['a matching ETag and an older date', { IfMatch: 'own', IfUnmodifiedSince: earlier }, 200],
    ['another ETag and its own date', { IfNoneMatch: '"other"', IfModifiedSince: same }, 200],
  ])('with %s', async (_what, conditions, status) => {
    const { client, put } = await openWithBucket();
    const { ETag } = await put(Key);
    const own = (value: unknown): unknown => (value === 'own' ? ETag : value);
    const fields = Object.fromEntries(Object.entries(conditions).map(([name, value]) => [name, own(value)]));

    const get = await failure(client.send(new GetObjectCommand({ Bucket, Key, ...fields })));
    const head = await failure(client.send(new HeadObjectCommand({ Bucket, Key, ...fields })));

    const names = { 200: 'no error', 304: 'Unknown 304', 412: 'PreconditionFailed 412' };
    expect(get).toBe(names[status as 200]);
    expect(head).toBe(status === 412 ? 'Unknown 412' : names[status as 200]);
  });
});

describe('faults', () => {
  it('throttled, S3 says SlowDown, and the SDK repeats', async () => {
    const throttle = { service: 's3', command: 'PutObject', fault: 'throttle', times: 2 } as const;
    const { account, put, text } = await openWithBucket({ faults: [throttle] });

    await put(Key, { Body: 'one' });

    expect(await text(Key)).toBe('one');
    expect(account.events().flatMap(({ errorCode }) => errorCode ?? [])).toEqual(['SlowDown', 'SlowDown']);
  });

  it('throttled for long is SlowDown 503', async () => {
    const throttle = { service: 's3', command: '*', nth: 2, fault: 'throttle', times: 3 } as const;
    const { put } = await openWithBucket({ faults: [throttle] });

    expect(await failure(put(Key))).toBe('SlowDown 503');
  });

  it('of a HEAD leave the status alone, which the SDK repeats too', async () => {
    const faults = [
      { service: 's3', command: 'HeadObject', fault: 'throttle' },
      { service: 's3', command: 'HeadObject', nth: 3, fault: 'access-denied' },
    ] as const;
    const { client, put } = await openWithBucket({ faults });
    await put(Key);

    await client.send(new HeadObjectCommand({ Bucket, Key }));

    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('Unknown 403');
  });
});
