import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { lookAtSource } from './source-object.ts';

const PLACE = { bucket: 'acme-invoices', account: '111122223333', key: 'a.pdf' };

/** S3 that answers HEAD so. */
function answering(head: Partial<HeadObjectCommandOutput>): S3Client {
  return { send: () => Promise.resolve({ ETag: '"e"', ContentLength: 1, ...head }) } as unknown as S3Client;
}

describe('an object that is looked at', () => {
  it.each([
    ['of a class that is read', { StorageClass: 'GLACIER_IR' }, undefined],
    ['archived', { StorageClass: 'GLACIER' }, true],
    ['in the deep archive', { StorageClass: 'DEEP_ARCHIVE' }, true],
    ['being restored', { StorageClass: 'GLACIER', Restore: 'ongoing-request="true"' }, true],
    [
      'restored for some days',
      { StorageClass: 'GLACIER', Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026 00:00:00 GMT"' },
      undefined,
    ],
    ['of tiers, in one that is read', { StorageClass: 'INTELLIGENT_TIERING' }, undefined],
    ['of tiers, in an archive', { StorageClass: 'INTELLIGENT_TIERING', ArchiveStatus: 'ARCHIVE_ACCESS' }, true],
  ] as const)('says whether it is to be restored first: %s', async (_, head, isArchived) => {
    expect((await lookAtSource(answering(head), PLACE))?.isArchived).toBe(isArchived);
  });
});

describe('headers and metadata that are looked at', () => {
  const DATE = 'Tue, 01 Jan 2030 00:00:00 GMT';

  it('are carried as they are, where a request can say them', async () => {
    const head = { ContentDisposition: 'attachment; filename="a.pdf"', ExpiresString: DATE, Metadata: { team: 'a' } };
    const found = await lookAtSource(answering(head), PLACE);
    expect(found).toMatchObject({
      headers: { ContentDisposition: 'attachment; filename="a.pdf"', Expires: new Date(DATE) },
      metadata: { team: 'a' },
    });
    expect(found?.isPartial).toBeUndefined();
  });

  it.each([
    '0',
    '3600',
    'never',
    '2030-01-01T00:00:00Z',
    'Tue, 1 Jan 2030 00:00:00 GMT',
    'Wed, 01 Jan 2030 00:00:00 GMT',
    'Tue, 01 Jan 2030 01:00:00 +0100',
  ])('leave an Expires to S3 that the SDK would write otherwise: %s', async (ExpiresString) => {
    const found = await lookAtSource(answering({ ExpiresString, CacheControl: 'no-store' }), PLACE);
    expect(found).toMatchObject({ isPartial: true });
    expect(found?.headers).toStrictEqual({ CacheControl: 'no-store' });
  });

  it('leave what is not ASCII to S3', async () => {
    const ContentDisposition = Buffer.from('attachment; filename="日é.pdf"').toString('latin1');
    const head = { ContentDisposition, ContentType: 'a/b', Metadata: { team: 'a', who: 'Léo' } };
    const found = await lookAtSource(answering(head), PLACE);
    expect(found).toMatchObject({ isPartial: true });
    expect(found?.headers).toStrictEqual({ ContentType: 'a/b' });
    expect(found?.metadata).toStrictEqual({ team: 'a' });
  });
});
