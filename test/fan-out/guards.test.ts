import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CopyObjectCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import type { BucketAt } from '../support/fan-out-buckets.ts';
import { envelopeOf, openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

vi.setConfig({ testTimeout: 120_000 });

const A = 'acme-a';
const B = 'acme-b';
const DAY_MS = 86_400_000;
/** Two keys of the source have one place. */
const ONE_PLACE = 'key: { replace: [{ pattern: "-[0-9]+", with: "" }] }';
const DELETES = 'replicateDeletes: true';

function open(more: readonly string[] = [], destination: BucketAt = {}): Promise<FanOutSystem> {
  return openFanOutSystem(
    [`source: { bucket: ${A} }`, `destinations: [{ bucket: ${B} }]`, ...more],
    async (account) => {
      await makeBucket(account, A);
      await makeBucket(account, B, destination);
    },
  );
}

async function put({ s3, rest }: FanOutSystem, Key: string, Body: string, more: object = {}): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket: A, Key, Body, ...more }));
  await rest();
}

async function remove({ s3, rest }: FanOutSystem, Key: string, VersionId?: string): Promise<string | undefined> {
  const removed = await s3().send(new DeleteObjectCommand({ Bucket: A, Key, VersionId }));
  await rest();
  return removed.VersionId;
}

async function copied({ held }: FanOutSystem, key: string): Promise<string | undefined> {
  return (await held(B)).get(key)?.body;
}

async function lastEnd(system: FanOutSystem): Promise<string | undefined> {
  return (await system.outcomes()).at(-1);
}

async function verified({ estate, account }: FanOutSystem) {
  return fanOutVerify(await estate.load(), { name: 'invoices', endpoint: { kind: 'embedded', account } });
}

async function refuse({ s3 }: FanOutSystem): Promise<void> {
  const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${B}/*` }];
  await s3().send(
    new PutBucketPolicyCommand({ Bucket: B, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
}

describe('T91 what carries our marker and is no return', () => {
  it('is copied: a version that is restored from the destination, and a copy under another key', async () => {
    const system = await open();
    const s3 = system.s3();
    await put(system, 'k', 'good');
    const { VersionId } = await s3.send(new HeadObjectCommand({ Bucket: B, Key: 'k' }));
    await put(system, 'k', 'corrupt');
    await s3.send(new CopyObjectCommand({ Bucket: A, Key: 'k', CopySource: `${B}/k?versionId=${VersionId}` }));
    await system.rest();
    expect(await copied(system, 'k')).toBe('good');
    await s3.send(new CopyObjectCommand({ Bucket: A, Key: 'renamed', CopySource: `${B}/k` }));
    await system.rest();
    expect(await copied(system, 'renamed')).toBe('good');
    expect(await verified(system)).toMatchObject({ ok: true });
  });

  it('is copied: other octets of the same size under KMS, whose ETags tell nothing', async () => {
    const system = await open();
    const kms = system.account.client(KMSClient, { region: 'eu-west-1' });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const sse = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyMetadata?.Arn } as const;
    await put(system, 'k', 'good', sse);
    const { Metadata } = await system.s3().send(new HeadObjectCommand({ Bucket: B, Key: 'k' }));
    await put(system, 'other', 'EVIL', { Metadata, ...sse });
    await put(system, 'k', 'EDIT', { Metadata, ...sse });
    expect([await copied(system, 'other'), await copied(system, 'k')]).toEqual(['EVIL', 'EDIT']);
  });

  it('is brought by a backfill, though its event was held back', async () => {
    const system = await open();
    await put(system, 'k', 'good');
    await system.s3().send(new CopyObjectCommand({ Bucket: A, Key: 'k', CopySource: `${B}/k` }));
    await system.rest();
    expect(await lastEnd(system)).toBe('skipped');
    await system.s3().send(new DeleteObjectCommand({ Bucket: B, Key: 'k' }));
    expect(await verified(system)).toMatchObject({ missing: [{ key: 'k' }] });
    const { estate, account } = system;
    await fanOutBackfill(await estate.load(), { name: 'invoices', endpoint: { kind: 'embedded', account } });
    expect(await verified(system)).toMatchObject({ ok: true });
  });
});

describe('when rows have expired', () => {
  it('a place is still known to be taken', async () => {
    const system = await open([ONE_PLACE]);
    await put(system, 'a-1.txt', 'one');
    await system.account.advance(91 * DAY_MS);
    await put(system, 'a-2.txt', 'two');
    expect([await lastEnd(system), await copied(system, 'a.txt')]).toEqual(['collision', 'one']);
  });

  it('a dead letter puts nothing older over what came after it', async () => {
    const system = await open(['ledger: { ttl: 1d }']);
    await refuse(system);
    await put(system, 'k', 'old');
    await system.s3().send(new DeleteBucketPolicyCommand({ Bucket: B }));
    await put(system, 'k', 'newer');
    await system.account.advance(4 * DAY_MS);
    const { estate, account } = system;
    const redriven = await fanOutRedrive(await estate.load(), {
      name: 'invoices',
      endpoint: { kind: 'embedded', account },
    });
    expect(redriven).toMatchObject({ ok: true, redriven: 1 });
    expect(await copied(system, 'k')).toBe('newer');
  });
});

describe('a deletion', () => {
  it('takes away no other key’s copy, now or when rows have expired', async () => {
    const system = await open([ONE_PLACE, DELETES]);
    await put(system, 'a-1.txt', 'one');
    for (const wait of [0, 91]) {
      await system.account.advance(wait * DAY_MS);
      await put(system, 'a-2.txt', 'two');
      await remove(system, 'a-2.txt');
      expect(await copied(system, 'a.txt')).toBe('one');
    }
    await remove(system, 'a-1.txt');
    expect(await copied(system, 'a.txt')).toBeUndefined();
  });

  it('takes away nothing that was never ours: kept, and counted', async () => {
    const system = await open([DELETES, 'filter: { maxSize: 5B }'], {
      versioned: false,
      objects: { k: 'theirs, never ours' },
    });
    await put(system, 'k', '0123456789');
    await remove(system, 'k');
    expect([await lastEnd(system), await copied(system, 'k')]).toEqual(['kept', 'theirs, never ours']);
    expect((await system.lines()).some((line) => line['Kept'] === 1)).toBe(true);
  });

  it('that is taken back brings the object back; a version that goes takes what stood there', async () => {
    const system = await open([DELETES]);
    await put(system, 'k', 'one');
    const marker = await remove(system, 'k');
    expect(await copied(system, 'k')).toBeUndefined();
    await remove(system, 'k', marker);
    expect(await copied(system, 'k')).toBe('one');
    const { VersionId } = await system.s3().send(new HeadObjectCommand({ Bucket: A, Key: 'k' }));
    await remove(system, 'k', VersionId);
    expect([await lastEnd(system), await copied(system, 'k')]).toEqual(['deleted', undefined]);
    expect(await verified(system)).toMatchObject({ ok: true });
  });
});

describe('T71 a record of somebody’s making, true but for sequencer and version', () => {
  it.each(['a version that there is not', 'the version that there is'])(
    'stops nothing that comes later: %s',
    async (what) => {
      const system = await open();
      await put(system, 'k', 'one');
      const messages = system.account.messages(system.told[0]!.topicArn).map(({ message }) => message);
      const real = messages.find((message) => message.includes('"sequencer"')) ?? '';
      const forged = real.replace(/"sequencer":"[^"]+"/, `"sequencer":"${'F'.repeat(16)}"`);
      const made = what.endsWith('not') ? forged.replace(/"versionId":"[^"]+"/, '"versionId":"nothing"') : forged;
      expect(made).not.toBe(real);
      await system.invoke(await envelopeOf(system, [made]));
      for (const body of ['two', 'three']) {
        await put(system, 'k', body);
        expect(await copied(system, 'k')).toBe(body);
      }
      expect(await system.waiting()).toBe(0);
    },
  );
});

describe('when rules have changed', () => {
  it('a key that goes elsewhere now holds no place', async () => {
    const system = await open(['key: { replace: [{ pattern: "^a/", with: "" }] }']);
    await put(system, 'a/f', 'AAA');
    system.estate.rewrite('invoices.yaml', (yaml) => yaml.replace('"^a/"', '"^b/"'));
    expect(await system.estate.apply(await system.estate.plan())).toMatchObject({ outcome: 'applied' });
    await system.account.advance(60_000);
    await put(system, 'b/f', 'BBBB');
    expect([await lastEnd(system), await copied(system, 'f')]).toEqual(['copied', 'BBBB']);
  });
});
