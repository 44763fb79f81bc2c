import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteItemCommand, DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { tableName } from '../../src/reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { SOURCE } from '../support/bucket-fan-out.ts';
import { COPIES, fanOutEstate, SOURCE_BUCKET } from '../support/fan-out-estate.ts';
import type { FanOutEstate } from '../support/fan-out-estate.ts';
import { tapped } from '../support/wiretap.ts';

vi.setConfig({ testTimeout: 120_000 });

const GIB = 2 ** 30;
const TO = [SOURCE, `destinations: [{ bucket: ${COPIES}, region: us-east-1 }]`];

function copies({ account }: FanOutEstate): S3Client {
  return account.client(S3Client, { region: 'us-east-1' });
}

/** The account as those see it whom the owner of a bucket shows nothing. */
function closedFor({ account }: FanOutEstate, bucket: string) {
  return tapped(account, ({ service, input }) => {
    if (service !== 'S3' || input['Bucket'] !== bucket) return;
    throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });
}

/** As if all its rows had expired. */
async function forgetLedger({ account, project }: FanOutEstate): Promise<void> {
  const table = account.client(DynamoDBClient, { region: 'eu-west-1' });
  const TableName = tableName(project.documents[0] as BucketFanOut, project.estate);
  const { Items = [] } = await table.send(new ScanCommand({ TableName }));
  for (const { pk, sk } of Items) await table.send(new DeleteItemCommand({ TableName, Key: { pk: pk!, sk: sk! } }));
}

describe('fan-out verify', () => {
  it('tells what is missing, stale and extra, and a backfill puts right what can be copied', async () => {
    const estate = await fanOutEstate([...TO, 'filter: { suffix: .pdf }']);
    const s3 = copies(estate);
    estate.seed(['a.pdf', 'b.pdf', 'c c.pdf', 'é/d+.pdf', 'new\nline.pdf', 'not.txt']);
    expect((await estate.backfill()).ok).toBe(true);
    expect(await estate.verify()).toMatchObject({ ok: true, complete: true, missing: [], stale: [], extra: [] });

    await s3.send(new DeleteObjectCommand({ Bucket: COPIES, Key: 'new\nline.pdf' }));
    // Five octets, as there were; and five hundred.
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'c c.pdf', Body: 'other' }));
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'é/d+.pdf', Body: 'x'.repeat(500) }));
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'strange.pdf', Body: 'x' }));
    const found = await estate.verify();
    expect(found).toMatchObject({
      ok: false,
      missing: [{ destination: COPIES, key: 'new\nline.pdf', copyKey: 'new\nline.pdf' }],
      stale: [{ key: 'c c.pdf' }, { key: 'é/d+.pdf' }],
      extra: [{ destination: COPIES, key: 'strange.pdf' }],
      destinations: [{ destination: COPIES, objects: 5, equal: 2, missing: 1, stale: 2, extra: 1 }],
    });
    expect(await estate.backfill()).toMatchObject({ ok: true, destinations: [{ sent: 3 }] });
    expect(await estate.verify()).toMatchObject({ ok: false, missing: [], stale: [], extra: [{ key: 'strange.pdf' }] });
  });

  it('asks the ledger where ETags cannot tell, and the copy’s marker where the ledger has nothing', async () => {
    const estate = await fanOutEstate(TO);
    // Copied in parts: its ETag is another one.
    estate.seed(['large.bin'], 6 * GIB);
    expect((await estate.backfill()).destinations[0]?.foretold.isAtLeast).toBe(true);
    const told = await estate.verify();
    expect(told).toMatchObject({ ok: true, destinations: [{ equal: 1 }] });
    expect(told.calls['S3']?.reads).toBe(2);
    await forgetLedger(estate);
    const looked = await estate.verify();
    expect(looked).toMatchObject({ ok: true, destinations: [{ equal: 1 }] });
    expect(looked.calls['S3']?.reads).toBe(3);
    // As many octets, and others: neither proves it.
    estate.account.putSparseObject({ bucket: COPIES, key: 'large.bin', size: 6 * GIB, seed: 'other' });
    expect(await estate.verify()).toMatchObject({ ok: false, stale: [{ key: 'large.bin' }] });
  });

  it('tells a source that has changed since it was copied', async () => {
    const estate = await fanOutEstate(TO);
    estate.seed(['large.bin'], 6 * GIB);
    await estate.backfill();
    estate.account.putSparseObject({ bucket: SOURCE_BUCKET, key: 'large.bin', size: 6 * GIB, seed: 'newer' });
    expect(await estate.verify()).toMatchObject({ ok: false, stale: [{ key: 'large.bin' }] });
  });

  it('is not done while the ledger says that a large object is being copied', async () => {
    const estate = await fanOutEstate(TO);
    const { account } = estate;
    estate.seed(['a.pdf']);
    estate.seed(['large.bin'], 6 * GIB);
    const table = account.client(DynamoDBClient, { region: 'eu-west-1' });
    const TableName = tableName(estate.project.documents[0] as BucketFanOut, estate.project.estate);
    // As if each invocation had handed it on, and none had come to the end.
    const open = async (): Promise<void> => {
      const { Items = [] } = await table.send(new ScanCommand({ TableName }));
      for (const { pk, sk, state, source } of Items) {
        if (state?.S !== 'done' || source?.S !== 'large.bin') continue;
        await table.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk: pk!, sk: sk! },
            UpdateExpression: 'SET #state = :copying',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':copying': { S: 'copying' } },
          }),
        );
      }
    };
    const looked = tapped(account, async ({ command }) => {
      if (command === 'BatchGetItem') await open();
    });
    const endpoint = { kind: 'embedded', account: looked } as const;
    expect(await estate.backfill({ endpoint })).toMatchObject({
      ok: false,
      outcome: 'copying',
      destinations: [{ sent: 2, copying: 1, waiting: 0 }],
    });
  });

  it('tells keys that collide, and keys that map to none', async () => {
    const estate = await fanOutEstate([...TO, 'key: { strip: in/, replace: [{ pattern: "-v[0-9]+", with: "" }] }']);
    estate.seed(['in/a-v1.pdf', 'in/a-v2.pdf', 'in/', 'in/b.pdf']);
    expect(await estate.backfill()).toMatchObject({
      ok: false,
      destinations: [{ sent: 2, collisions: 1, unmappable: 1 }],
    });
    expect(await estate.verify()).toMatchObject({
      ok: false,
      missing: [],
      collisions: [{ key: 'in/a-v2.pdf', copyKey: 'a.pdf', with: 'in/a-v1.pdf' }],
      unmappable: [{ key: 'in/', why: 'empty' }],
      destinations: [{ objects: 4, equal: 2 }],
    });
  });

  it.each([
    ['its content is another’s', 'a'],
    ['all have the same content', undefined],
  ])('asks the ledger which of several keys has a place: %s', async (_what, seed) => {
    const estate = await fanOutEstate([...TO, 'key: { replace: [{ pattern: "-[0-9]$", with: "" }] }']);
    const { account } = estate;
    const put = (key: string, own: string) =>
      account.putSparseObject({ bucket: SOURCE_BUCKET, key, size: 5, seed: seed === undefined ? 'same' : own });
    put('a-2', 'two');
    expect(await estate.backfill()).toMatchObject({ ok: true, destinations: [{ sent: 1 }] });
    put('a-1', 'one');
    put('a-3', 'three');
    const collisions = [
      { key: 'a-1', copyKey: 'a', with: 'a-2' },
      { key: 'a-3', copyKey: 'a', with: 'a-2' },
    ];
    const counts = { objects: 3, equal: 1, missing: 0, stale: 0, extra: 0, collisions: 2 };
    expect(await estate.verify()).toMatchObject({ missing: [], stale: [], collisions, destinations: [counts] });
    expect(await estate.backfill()).toMatchObject({ outcome: 'nothing', colliding: collisions });
    put('a-2', 'newer');
    if (seed === undefined) return;
    expect(await estate.verify()).toMatchObject({ stale: [{ key: 'a-2', copyKey: 'a' }], collisions });
  });

  it('looks at a part of the keys, at one destination, and says where extras cannot be told', async () => {
    const destinations = `destinations: [{ bucket: ${COPIES}, region: us-east-1, prefix: x/ }, { bucket: acme-near }]`;
    const estate = await fanOutEstate(
      [SOURCE, destinations, 'filter: { prefix: in/ }', 'key: { strip: in/ }'],
      ['acme-near'],
    );
    estate.seed(['in/2025/a.pdf', 'in/2026/b.pdf', 'out/c.pdf']);
    await copies(estate).send(new PutObjectCommand({ Bucket: COPIES, Key: 'x/2025/z.pdf', Body: 'z' }));
    await copies(estate).send(new PutObjectCommand({ Bucket: COPIES, Key: 'y/2025/z.pdf', Body: 'z' }));
    expect(await estate.verify({ prefix: 'in/2025/' })).toMatchObject({
      missing: [
        { destination: `${COPIES}/x/`, key: 'in/2025/a.pdf', copyKey: 'x/2025/a.pdf' },
        { destination: 'acme-near', key: 'in/2025/a.pdf', copyKey: '2025/a.pdf' },
      ],
      extra: [{ destination: `${COPIES}/x/`, key: 'x/2025/z.pdf' }],
    });
    expect(await estate.verify({ prefix: 'in/2026/', destinations: [COPIES] })).toMatchObject({
      missing: [{ key: 'in/2026/b.pdf' }],
      extra: [],
      destinations: [{ destination: `${COPIES}/x/`, extra: 0 }],
    });
    // Nobody meant that: the filter admits in/ alone.
    for (const verb of [estate.verify, estate.backfill]) {
      await expect(verb({ prefix: 'out/' })).rejects.toMatchObject({
        name: 'FanOutNameError',
        message: expect.stringContaining('spec.filter.prefix is in/') as string,
      });
    }
    expect(await estate.verify({ prefix: 'in/1999/' })).toMatchObject({ ok: true, destinations: [{ objects: 0 }, {}] });
    expect(await estate.backfill({ prefix: 'in/2025/', destinations: ['acme-near'] })).toMatchObject({
      destinations: [{ destination: 'acme-near', sent: 1 }],
    });
    expect((await estate.verify()).missing).toHaveLength(3);

    const moved = await fanOutEstate([...TO, 'key: { replace: [{ pattern: "^in/", with: "" }] }']);
    moved.seed(['in/a.pdf']);
    expect((await moved.verify({ prefix: 'in/' })).destinations).toMatchObject([{ missing: 1, extra: null }]);
  });

  it('judges each destination by itself: one that is closed takes no verb away from the others', async () => {
    const estate = await fanOutEstate(
      [SOURCE, `destinations: [{ bucket: ${COPIES}, region: us-east-1 }, { bucket: acme-near }]`],
      ['acme-near'],
    );
    estate.seed(['a.pdf', 'b.pdf']);
    const endpoint = { kind: 'embedded', account: closedFor(estate, 'acme-near') } as const;
    const unseen = [{ destination: 'acme-near', why: expect.stringMatching(/ListObjectsV2.*AccessDenied/) as string }];
    expect(await estate.backfill({ endpoint, dryRun: true })).toMatchObject({
      ok: false,
      destinations: [{ destination: COPIES, foretold: { objects: 2 } }],
      unseen,
    });
    expect(await estate.backfill({ endpoint })).toMatchObject({ ok: false, outcome: 'done', unseen });
    expect(await estate.verify({ endpoint })).toMatchObject({
      ok: false,
      complete: true,
      missing: [],
      destinations: [{ destination: COPIES, equal: 2 }],
      unseen,
    });
    expect(await estate.verify({ endpoint, destinations: [COPIES] })).toMatchObject({ ok: true, unseen: [] });
    await expect(estate.verify({ endpoint, destinations: ['acme-near'] })).rejects.toThrow(/AccessDenied|no/);
  });

  it('knows what is meant by a name, and what was probably meant', async () => {
    const estate = await fanOutEstate(TO);
    expect(await estate.verify({ name: 'BucketFanOut/invoices' })).toMatchObject({ ok: true });
    await expect(estate.verify({ name: 'invoice' })).rejects.toMatchObject({ hint: 'did you mean invoices?' });
    const wrong = estate.verify({ destinations: ['acme-invoice-us'] });
    await expect(wrong).rejects.toMatchObject({ name: 'FanOutNameError', hint: `did you mean ${COPIES}?` });
  });
});

describe('what is at a destination and no more at the source', () => {
  const GONE = ['gone.pdf', 'é+ gone.pdf'];

  /** Three copies, of which the source has one; and something that is nobody's. */
  async function emptied(spec: readonly string[] = []): Promise<FanOutEstate> {
    const estate = await fanOutEstate([...TO, ...spec]);
    estate.seed(['a.pdf', ...GONE]);
    expect((await estate.backfill()).ok).toBe(true);
    const source = estate.account.client(S3Client, { region: 'eu-west-1' });
    // Nobody tells of it: with replicateDeletes as well the copies stay.
    await source.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: SOURCE_BUCKET, NotificationConfiguration: {} }),
    );
    for (const Key of GONE) await source.send(new DeleteObjectCommand({ Bucket: SOURCE_BUCKET, Key }));
    return estate;
  }

  it('is kept where deletions are not replicated, also once the ledger has forgotten it', async () => {
    const estate = await emptied();
    const kept = { ok: true, extra: [], destinations: [{ objects: 1, equal: 1, extra: 0, kept: 2 }] };
    const told = await estate.verify();
    expect(told).toMatchObject(kept);
    // Listings alone: the ledger tells.
    expect(told.calls['S3']?.reads).toBe(2);
    await forgetLedger(estate);
    expect(await estate.verify()).toMatchObject(kept);
  });

  it('is extra where it is not our copy: written by somebody else, or over a copy', async () => {
    const estate = await emptied();
    const s3 = copies(estate);
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'strange.pdf', Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'gone.pdf', Body: 'other' }));
    // Our marker, and under another key.
    await s3.send(new CopyObjectCommand({ Bucket: COPIES, Key: 'moved.pdf', CopySource: `${COPIES}/a.pdf` }));
    expect(await estate.verify()).toMatchObject({
      ok: false,
      extra: [{ key: 'gone.pdf' }, { key: 'moved.pdf' }, { key: 'strange.pdf' }],
      destinations: [{ extra: 3, kept: 1 }],
    });
  });

  it('is extra where deletions are replicated', async () => {
    const estate = await emptied(['replicateDeletes: true']);
    expect(await estate.verify()).toMatchObject({
      ok: false,
      extra: [{ key: 'gone.pdf' }, { key: 'é+ gone.pdf' }],
      destinations: [{ extra: 2, kept: 0 }],
    });
  });
});
