import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { envelopeOf, openFanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme-copies';

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

/** Of different lengths, ascending as S3 compares them. */
const SEQUENCERS = ['0055AED6DCD90281E5', '0055AED6DCD90281E6', '0055AED6DCD90281E612', '0055AED6DCD902F', '0055AED6E'];
/** Records of one envelope. */
const BATCH = 40;

describe.each([
  { isVersioned: true, ends: 'created' },
  { isVersioned: true, ends: 'deleted' },
  { isVersioned: false, ends: 'created' },
  { isVersioned: false, ends: 'deleted' },
])('five events of a key (versioned: $isVersioned, the last: $ends)', ({ isVersioned, ends }) => {
  it('F32 leave the newest in all of 120 orders, each told twice: 120 of 120, none stale', async () => {
    const system = await openFanOutSystem(
      [`source: { bucket: ${SOURCE} }`, `destinations: [{ bucket: ${COPIES} }]`, 'replicateDeletes: true'],
      async (account) => {
        for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket, { versioned: isVersioned });
      },
    );
    const s3 = system.s3();
    const { configurationId } = system.told[0]!;
    // From here on events are told by the test alone.
    const quiet = { Bucket: SOURCE, NotificationConfiguration: {} };
    await s3.send(new PutBucketNotificationConfigurationCommand(quiet));
    const orders = ordersOf([0, 1, 2, 3, 4]);
    const told: string[][] = [];
    for (const [number] of orders.entries()) {
      const key = `key-${number}`;
      const records: string[] = [];
      for (const [at, sequencer] of SEQUENCERS.entries()) {
        const isDelete = at === (ends === 'deleted' ? 4 : 3);
        const { VersionId: versionId, ...written } = isDelete
          ? await s3.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: key }))
          : await s3.send(new PutObjectCommand({ Bucket: SOURCE, Key: key, Body: `${number} ${at}` }));
        const eTag = 'ETag' in written ? written.ETag?.replaceAll('"', '') : undefined;
        const object = {
          key,
          sequencer,
          versionId,
          ...(eTag !== undefined && { eTag, size: `${number} ${at}`.length }),
        };
        const removed = isVersioned ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectRemoved:Delete';
        const record = {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'eu-west-1',
          eventTime: '2026-11-24T10:00:00.000Z',
          eventName: isDelete ? removed : 'ObjectCreated:Put',
          s3: { configurationId, bucket: { name: SOURCE, arn: `arn:aws:s3:::${SOURCE}` }, object },
        };
        records.push(JSON.stringify({ Records: [record] }));
      }
      told.push(records);
    }

    const duplicates = async (): Promise<number> =>
      (await system.outcomes()).filter((one) => one === 'duplicate').length;
    const turns = [0, 1, 2, 3, 4];
    let first = 0;
    for (const [at, turn] of [...turns, ...turns].entries()) {
      if (at === turns.length) first = await duplicates();
      const messages = orders.map((order, number) => told[number]![order[turn]!]!);
      for (let from = 0; from < messages.length; from += BATCH) {
        const { functionError } = await system.invoke(await envelopeOf(system, messages.slice(from, from + BATCH)));
        expect(functionError).toBeUndefined();
      }
    }

    const copies = await system.held(COPIES);
    const right = orders.filter((_order, number) =>
      ends === 'deleted' ? !copies.has(`key-${number}`) : copies.get(`key-${number}`)?.body === `${number} 4`,
    );
    expect([right.length, copies.size]).toEqual([120, ends === 'deleted' ? 0 : 120]);
    const { account, estate } = system;
    const verified = await fanOutVerify(await estate.load(), {
      name: 'invoices',
      endpoint: { kind: 'embedded', account },
    });
    expect(verified).toMatchObject({ ok: true, stale: [], missing: [], extra: [] });
    // The second time all of them; the first time the last event of a key at most, whose object a look has brought already.
    expect((await duplicates()) - first).toBe(600);
    expect(first).toBeLessThanOrEqual(isVersioned && ends === 'created' ? 120 : 0);
    if (isVersioned) {
      // No copy was made of what was older than what stood there.
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: COPIES }));
      expect(Versions.length).toBeLessThan(480);
    }
  });
});
