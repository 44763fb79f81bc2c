import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { MARKER } from '../../src/fan-out/loop-marker.ts';
import { SOURCE } from '../support/bucket-fan-out.ts';
import { COPIES, fanOutEstate, SOURCE_BUCKET } from '../support/fan-out-estate.ts';
import type { FanOutEstate } from '../support/fan-out-estate.ts';

vi.setConfig({ testTimeout: 120_000 });

const TO = [SOURCE, `destinations: [{ bucket: ${COPIES}, region: us-east-1 }]`];
/** Of the ledger's rows (docs/kinds/bucket-fan-out.md), and a day. */
const EXPIRED_MS = 91 * 86_400_000;
const PART = 5 * 1024 * 1024;

function clients({ account }: FanOutEstate) {
  return {
    source: account.client(S3Client, { region: 'eu-west-1' }),
    copies: account.client(S3Client, { region: 'us-east-1' }),
  };
}

/** No function hears of anything any more. */
async function shut({ account }: FanOutEstate): Promise<void> {
  const s3 = account.client(S3Client, { region: 'eu-west-1' });
  await s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket: SOURCE_BUCKET, NotificationConfiguration: {} }),
  );
}

/** In two parts, with a digest of their digests: neither ETag nor checksum are those that a copy has. */
async function putInParts(estate: FanOutEstate, Key: string, letter = 'x'): Promise<void> {
  const { source } = clients(estate);
  const where = { Bucket: SOURCE_BUCKET, Key };
  const ChecksumAlgorithm = 'SHA256' as const;
  const { UploadId } = await source.send(new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm }));
  const Parts = [];
  for (const [index, size] of [PART, 3].entries()) {
    const PartNumber = index + 1;
    const Body = Buffer.alloc(size, letter);
    const part = await source.send(new UploadPartCommand({ ...where, UploadId, PartNumber, Body, ChecksumAlgorithm }));
    Parts.push({ PartNumber, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 });
  }
  await source.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }));
  await estate.account.settled();
}

describe('when the ledger’s rows have expired', () => {
  it('one look at each copy tells that it is that of the source, and nothing is copied again', async () => {
    const estate = await fanOutEstate(TO);
    await putInParts(estate, 'one.bin');
    await putInParts(estate, 'two.bin');
    expect(await estate.verify()).toMatchObject({ ok: true, destinations: [{ equal: 2 }] });
    await estate.account.advance(EXPIRED_MS);

    const found = await estate.verify();
    expect(found).toMatchObject({ ok: true, destinations: [{ equal: 2 }] });
    // Two lists, and a look at each copy.
    expect(found.calls['S3']?.reads).toBe(4);
    expect(await estate.backfill()).toMatchObject({ outcome: 'nothing', destinations: [{ sent: 0 }] });
  });

  it('a source that has changed since, and a copy that somebody has overwritten, are stale', async () => {
    const estate = await fanOutEstate(TO);
    const { source, copies } = clients(estate);
    await putInParts(estate, 'parts.bin');
    await source.send(new PutObjectCommand({ Bucket: SOURCE_BUCKET, Key: 'plain.bin', Body: 'mine' }));
    await estate.account.settled();
    const { Metadata = {} } = await copies.send(new HeadObjectCommand({ Bucket: COPIES, Key: 'plain.bin' }));
    expect(Metadata[MARKER]).toBeDefined();
    await estate.account.advance(EXPIRED_MS);

    // Of the octets alone, both ETags tell, whatever the marker says.
    await copies.send(new PutObjectCommand({ Bucket: COPIES, Key: 'plain.bin', Body: 'hers', Metadata }));
    expect(await estate.verify()).toMatchObject({ stale: [{ key: 'plain.bin' }] });
    // Its event is lost.
    estate.account.putSparseObject({ bucket: SOURCE_BUCKET, key: 'parts.bin', size: PART + 3, seed: 'newer' });
    expect(await estate.verify()).toMatchObject({ stale: [{ key: 'parts.bin' }, { key: 'plain.bin' }] });
  });

  it('what somebody else has copied is told by the checksums of both', async () => {
    const estate = await fanOutEstate([...TO, 'filter: { prefix: in/ }']);
    const { source, copies } = clients(estate);
    const Body = 'the same';
    const sums = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    for (const Key of ['a.bin', 'b.bin']) {
      await copies.send(new PutObjectCommand({ Bucket: COPIES, Key: `in/${Key}`, Body, ChecksumAlgorithm: 'CRC32' }));
      const where = { Bucket: SOURCE_BUCKET, Key: `in/${Key}` };
      const { UploadId } = await source.send(new CreateMultipartUploadCommand({ ...where, ...sums }));
      const upload = { ...where, UploadId, PartNumber: 1, ChecksumAlgorithm: 'CRC32' } as const;
      const part = await source.send(new UploadPartCommand({ ...upload, Body: Key === 'a.bin' ? Body : 'another!' }));
      const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }];
      await shut(estate);
      await source.send(
        new CompleteMultipartUploadCommand({
          ...where,
          UploadId,
          ChecksumType: 'FULL_OBJECT',
          MultipartUpload: { Parts },
        }),
      );
      await estate.account.settled();
    }
    const found = await estate.verify();
    expect(found).toMatchObject({ stale: [{ key: 'in/b.bin' }], destinations: [{ equal: 1 }] });
  });

  it('the marker of another key’s copy tells nothing', async () => {
    const estate = await fanOutEstate(TO);
    const { copies } = clients(estate);
    await putInParts(estate, 'one.bin');
    const { Metadata = {} } = await copies.send(new HeadObjectCommand({ Bucket: COPIES, Key: 'one.bin' }));
    await putInParts(estate, 'two.bin', 'y');
    await copies.send(
      new PutObjectCommand({ Bucket: COPIES, Key: 'two.bin', Body: Buffer.alloc(PART + 3, 'z'), Metadata }),
    );
    await estate.account.advance(EXPIRED_MS);
    expect(await estate.verify()).toMatchObject({ stale: [{ key: 'two.bin' }], destinations: [{ equal: 1 }] });
  });
});
