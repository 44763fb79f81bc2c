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
