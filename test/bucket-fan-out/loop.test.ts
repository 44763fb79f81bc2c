import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { createFanOutEstate, SOURCE } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

/** A bucket elsewhere, and one of another account. */
const DESTINATIONS =
  'destinations: [{ bucket: acme-invoices-us, region: us-east-1, storageClass: STANDARD_IA }, { bucket: partner.invoices, account: partner, prefix: from-acme/, acl: bucket-owner-full-control }]';

it('is made by one apply, has nothing left to do, and copies what comes then', async () => {
  const estate = await createFanOutEstate([SOURCE, DESTINATIONS, 'filter: { prefix: in/ }', 'key: { strip: in/ }']);
  const { account } = estate;
  const source = await makeBucket(account, 'acme-invoices');
  const america = await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1' });
  const partner = await makeBucket(account, 'partner.invoices', { account: '444455556666' });

  const plan = await estate.plan();
  expect(plan.complete).toBe(true);
  expect(plan.summary).toMatchObject({ create: 38, update: 0, delete: 0 });
  const applied = await estate.apply(plan);
  expect([applied.outcome, applied.failed, applied.skipped]).toEqual(['applied', [], []]);

  const { data } = plan.documents[0]!.findings.find(({ code }) => code === 'owner-must-allow')!;
  const Policy = JSON.stringify(data!['bucketPolicy']);
  await partner.send(new PutBucketPolicyCommand({ Bucket: 'partner.invoices', Policy }));

  const after = await estate.plan();
  expect(after.actions).toEqual([]);
  expect(after.documents[0]!.findings.map(({ code }) => code)).toEqual(['concurrency-reserved']);

  const Key = 'in/a+b café 100%.pdf';
  await source.send(new PutObjectCommand({ Bucket: 'acme-invoices', Key, Body: 'invoice', Metadata: { of: 'today' } }));
  await account.settled();
  for (const [client, Bucket, prefix] of [
    [america, 'acme-invoices-us', ''],
    [partner, 'partner.invoices', 'from-acme/'],
  ] as const) {
    const copy = await client.send(new GetObjectCommand({ Bucket, Key: `${prefix}a+b café 100%.pdf` }));
    expect([Bucket, await copy.Body!.transformToString(), copy.Metadata?.['of']]).toEqual([Bucket, 'invoice', 'today']);
  }
});
