import { PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyHash, ledgerPartition } from '../../src/fan-out/ledger-keys.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { renderFanOutBackfill } from '../../src/report/render.ts';
import { COPIES, fanOutEstate, SOURCE_BUCKET } from '../support/fan-out-estate.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem } from '../support/fan-out-system.ts';

describe('T92 two keys of the source that map to one of the destination', () => {
  it('the second is refused whenever it comes, counted, and reported; the first is kept up', async () => {
    const system = await openFanOutSystem(
      [
        'source: { bucket: acme-invoices }',
        'key: { replace: [{ pattern: "-[0-9]+", with: "" }] }',
        'destinations: [{ bucket: acme-copies }]',
      ],
      async (account) => {
        for (const bucket of ['acme-invoices', 'acme-copies']) await makeBucket(account, bucket);
      },
    );
    const put = async (Key: string, Body: string): Promise<void> => {
      await system.s3().send(new PutObjectCommand({ Bucket: 'acme-invoices', Key, Body }));
      await system.account.settled();
    };
    await put('a-1.txt', 'one');
    await put('a-2.txt', 'two');
    await put('a-1.txt', 'three');
    await put('a-2.txt', 'four');

    expect(await system.outcomes()).toEqual(['copied', 'collision', 'copied', 'collision']);
    expect(Object.fromEntries([...(await system.held('acme-copies'))].map(([key, { body }]) => [key, body]))).toEqual({
      'a.txt': 'three',
    });
    const metrics = (await system.lines()).map((line) => line['Collisions'] ?? 0);
    expect(metrics.filter((one) => one === 1)).toHaveLength(2);
    expect(await system.waiting()).toBe(0);
    const { account, estate } = system;
    const verified = await fanOutVerify(await estate.load(), {
      name: 'invoices',
      endpoint: { kind: 'embedded', account },
    });
    expect(verified).toMatchObject({
      ok: false,
      missing: [],
      stale: [],
      extra: [],
      collisions: [{ key: 'a-2.txt', copyKey: 'a.txt', with: 'a-1.txt' }],
    });
  });

  it('a backfill of a part names those whose place is of another part, and is not ok', async () => {
    const estate = await fanOutEstate([
      `source: { bucket: ${SOURCE_BUCKET} }`,
      'key: { replace: [{ pattern: "^(old|new)/", with: "" }] }',
      `destinations: [{ bucket: ${COPIES}, region: us-east-1 }]`,
    ]);
    estate.seed(['new/a.pdf']);
    expect(await estate.backfill()).toMatchObject({ ok: true, outcome: 'done', colliding: [] });
    estate.seed(['old/a.pdf', 'old/b.pdf'], 7);
    const dry = await estate.backfill({ prefix: 'old/', dryRun: true });
    const result = await estate.backfill({ prefix: 'old/' });
    expect(result).toMatchObject({
      ok: false,
      outcome: 'done',
      destinations: [{ sent: 1, collisions: 1, deadLetters: 0, foretold: dry.destinations[0]!.foretold }],
      colliding: [{ destination: COPIES, key: 'old/a.pdf', copyKey: 'a.pdf', with: 'new/a.pdf' }],
    });
    // Who compares everything sees it himself.
    expect((await estate.backfill()).colliding).toHaveLength(1);
    const text = renderFanOutBackfill(result, {
      format: 'text',
      color: false,
      width: 80,
      unicode: true,
      wasForetold: false,
    });
    expect(text).toContain('old/a.pdf: new/a.pdf');
  });

  it('keys of the ledger are equal only where bucket and key are', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '1', ':', '/', '.', '-', '\n', 'é'), maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, name, (bucket, key, otherBucket, otherKey) => {
        const isSame = bucket === otherBucket && key === otherKey;
        const one = ledgerPartition(bucket, keyHash(key));
        expect(one === ledgerPartition(otherBucket, keyHash(otherKey))).toBe(isSame);
        expect(ledgerPartition(bucket, key) === ledgerPartition(otherBucket, otherKey)).toBe(isSame);
      }),
      { numRuns: 2_000, seed: 92 },
    );
  });
});
