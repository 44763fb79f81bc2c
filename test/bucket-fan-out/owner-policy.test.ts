import { PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../src/engine/types.ts';
import { drift } from '../../src/operations/drift.ts';
import { explain } from '../../src/operations/explain.ts';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import { fanOutTest } from '../../src/operations/fan-out/probe.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { renderDrift, renderExplain, renderPlan } from '../../src/report/render.ts';
import { createFanOutEstate, SOURCE } from '../support/bucket-fan-out.ts';
import type { TestEstate } from '../support/estate.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

vi.setConfig({ testTimeout: 120_000 });

const PARTNER = '444455556666';
const KEY = `arn:aws:kms:eu-west-1:${PARTNER}:key/00000000-0000-4000-8000-000000000000`;
const TEXT = { format: 'text', color: false, width: 80, unicode: true } as const;

function destination(prefix: string, more = ''): string {
  return `destinations: [{ bucket: partner.invoices, account: partner, prefix: ${prefix}${more} }]`;
}

/** The partner's account is declared, and nobody of ours enters it. */
async function shutOut(more = '') {
  const estate = await createFanOutEstate([SOURCE, destination('from-acme/', more)]);
  estate.rewrite('settings.yaml', (yaml) => yaml.replace(/partner: \{.*\}/, `partner: { id: "${PARTNER}" }`));
  const source = await makeBucket(estate.account, 'acme-invoices');
  const partner = await makeBucket(estate.account, 'partner.invoices', { account: PARTNER });
  return { estate, source, partner };
}

async function finding(estate: TestEstate): Promise<Finding> {
  const { documents } = await estate.plan();
  return documents[0]!.findings.find(({ code }) => code === 'owner-must-allow')!;
}

describe('what the owner of an account that is not entered is to allow', () => {
  it('is enough for the function and for all verbs', async () => {
    const { estate, source, partner } = await shutOut();
    const { bucketPolicy } = (await finding(estate)).data!;
    await source.send(new PutObjectCommand({ Bucket: 'acme-invoices', Key: 'before', Body: 'x' }));
    expect((await estate.apply()).outcome).toBe('applied');
    await partner.send(
      new PutBucketPolicyCommand({ Bucket: 'partner.invoices', Policy: JSON.stringify(bucketPolicy) }),
    );
    await source.send(new PutObjectCommand({ Bucket: 'acme-invoices', Key: 'after', Body: 'y' }));
    estate.account.putSparseObject({ bucket: 'acme-invoices', key: 'large', size: 6 * 2 ** 30 });
    await estate.account.settled();

    const asked = { endpoint: { kind: 'embedded', account: estate.account }, name: 'invoices' } as const;
    const project = await estate.load();
    expect(await fanOutBackfill(project, asked)).toMatchObject({ ok: true, destinations: [{ sent: 2 }] });
    expect(await fanOutVerify(project, asked)).toMatchObject({ ok: true, destinations: [{ objects: 3, equal: 3 }] });
    expect(await fanOutTest(project, { ...asked, timeout: 60_000, id: '0a1b' })).toMatchObject({ ok: true, left: [] });
  });

  it('is said in full by the plan that makes the function or changes it, and by explain; else in two lines', async () => {
    const { estate } = await shutOut();
    const first = await estate.plan();
    expect(renderPlan(first, TEXT)).toContain('"Sid": "TrueupFanOut');
    expect((await estate.apply(first)).outcome).toBe('applied');

    const after = await estate.plan();
    expect(after.documents[0]!.findings.map(({ code, severity }) => `${code} ${severity}`)).toContain(
      'owner-must-allow info',
    );
    const calm = renderPlan(after, TEXT);
    expect(calm).not.toContain('"Sid"');
    expect(calm).toMatch(
      /note BucketFanOut\/invoices: whether account 444455556666 lets the function\s+copy to partner\.invoices cannot be seen from here\n +what to set: {2}trueup explain BucketFanOut\/invoices\n/,
    );

    const options = { endpoint: { kind: 'embedded', account: estate.account } } as const;
    const drifted = await drift(await estate.load(), options);
    expect(renderDrift(drifted, TEXT)).not.toContain('partner.invoices');
    const explained = await explain(await estate.load(), { ...options, address: 'BucketFanOut/invoices' });
    expect(renderExplain(explained, TEXT)).toContain('"Sid": "TrueupFanOut');

    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('from-acme/', 'acme/'));
    const changed = renderPlan(await estate.plan(), TEXT);
    expect(changed).toContain('"arn:aws:s3:::partner.invoices/acme/*"');
  });

  const FOR_THE_BUCKET = {
    StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
    StringLike: {
      'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::partner.invoices', 'arn:aws:s3:::partner.invoices/*'],
    },
  };

  it('is two statements of a key: of the function, and of who compares', async () => {
    const { estate } = await shutOut(`, kmsKey: "${KEY}"`);
    const { hint, data } = await finding(estate);
    const { keyStatement, keyLookStatement } = data!;
    expect(keyLookStatement).toMatchObject({
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: ['kms:Decrypt'],
      Condition: FOR_THE_BUCKET,
    });
    expect(keyStatement).toMatchObject({ Condition: FOR_THE_BUCKET });
    const lines = hint!.split('\n');
    expect(JSON.parse(lines.slice(lines.indexOf(`into the policy of the key ${KEY}:`) + 1).join(''))).toEqual([
      keyStatement,
      keyLookStatement,
    ]);
  });
});
