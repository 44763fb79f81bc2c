import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { createFanOutEstate, SOURCE } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

it('smoke', async () => {
  const estate = await createFanOutEstate([SOURCE, 'destinations: [{ bucket: acme-invoices-us, region: us-east-1 }]']);
  const { account } = estate;
  const objects = Object.fromEntries(
    Array.from({ length: 450 }, (_, i) => [`in/${String(i).padStart(4, '0')} a+b.pdf`, `of ${i}`]),
  );
  await makeBucket(account, 'acme-invoices', { objects });
  await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1' });
  const applied = await estate.apply();
  console.log('APPLIED', applied.outcome, JSON.stringify(applied.failed));
  const endpoint = { kind: 'embedded', account } as const;
  const project = await estate.load();
  console.log(JSON.stringify(await fanOutVerify(project, { endpoint, name: 'invoices' })).slice(0, 600));
  const dry = await fanOutBackfill(project, { endpoint, name: 'invoices', dryRun: true });
  console.log(JSON.stringify(dry, null, 1));
  const before = account.calls();
  const result = await fanOutBackfill(project, { endpoint, name: 'invoices' });
  console.log(JSON.stringify(result, null, 1));
  console.log(JSON.stringify(before), JSON.stringify(account.calls()));
  console.log(JSON.stringify(await fanOutVerify(project, { endpoint, name: 'invoices' })).slice(0, 600));
  expect(result.ok).toBe(true);
}, 120_000);
