import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutBucketEncryptionCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { policyIn } from '../../src/iam/files.ts';
import { policyOf } from '../../src/iam/policy.ts';
import type { Policy } from '../../src/iam/policy.ts';
import { managedPolicies } from '../../src/iam/size.ts';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import { fanOutTest } from '../../src/operations/fan-out/probe.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutStatus } from '../../src/operations/fan-out/status.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { iam } from '../../src/operations/iam.ts';
import { actAs } from '../support/act-as.ts';
import { createFanOutEstate, SOURCE } from '../support/bucket-fan-out.ts';
import { trust } from '../support/embedded-iam.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { allowsOf, HOME } from '../support/generated-roles.ts';

vi.setConfig({ testTimeout: 120_000 });

const REGION = { region: 'eu-west-1' };
const ROLE = 'verbs';

/** An applied fan-out whose buckets are encrypted by a key of ours, and the verbs as who has just what is printed. */
async function open(change: (policy: Policy) => Policy = (policy) => policy) {
  const estate = await createFanOutEstate([
    SOURCE,
    'destinations: [{ bucket: acme-copies }]',
    'filter: { suffix: .pdf }',
  ]);
  const { account } = estate;
  const { KeyMetadata } = await account.client(KMSClient, REGION).send(new CreateKeyCommand({}));
  const s3 = account.client(S3Client, REGION);
  await makeBucket(account, 'acme-invoices');
  await makeBucket(account, 'acme-copies');
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: 'acme-invoices',
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyMetadata!.Arn! } }],
      },
    }),
  );
  expect(await estate.apply()).toMatchObject({ outcome: 'applied' });
  account.putSparseObject({ bucket: 'acme-invoices', key: 'old.pdf', size: 5 });
  await s3.send(new PutObjectCommand({ Bucket: 'acme-copies', Key: 'same.pdf', Body: 'same' }));
  await s3.send(new PutObjectCommand({ Bucket: 'acme-invoices', Key: 'same.pdf', Body: 'same' }));
  await account.settled();

  const project = await estate.load();
  const policy = change(policyIn(iam(project).apply, 'prod'));
  const client = account.client(IAMClient, REGION);
  await client.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: trust() }));
  for (const [index, part] of managedPolicies(policy).entries()) {
    const made = await client.send(
      new CreatePolicyCommand({ PolicyName: `${ROLE}-${index}`, PolicyDocument: JSON.stringify(part) }),
    );
    await client.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: made.Policy!.Arn! }));
  }
  const endpoint = { kind: 'embedded', account: await actAs(account, `arn:aws:iam::${HOME}:role/${ROLE}`) } as const;
  const options = { endpoint, name: 'invoices' } as const;
  return {
    policy,
    /** Refused calls, and whether each verb came to its end. */
    async run() {
      const before = account.events().length;
      const ends = {
        verify: await fanOutVerify(project, options).then(({ complete }) => complete, String),
        backfill: await fanOutBackfill(project, options).then(({ ok }) => ok, String),
        redrive: await fanOutRedrive(project, options).then(({ ok }) => ok, String),
        status: await fanOutStatus(project, { ...options, key: 'same.pdf' }).then(() => true, String),
        test: await fanOutTest(project, { ...options, timeout: 30_000, id: '0a1b' }).then(({ ok }) => ok, String),
        again: await fanOutVerify(project, options).then(({ ok }) => ok, String),
      };
      const denied = account.events().slice(before);
      return {
        ends,
        denied: denied.flatMap(({ errorCode, eventName }) => (errorCode?.includes('Denied') ? [eventName] : [])),
      };
    },
  };
}

function usedFor(...buckets: readonly string[]): object {
  return {
    StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
    StringLike: {
      'kms:EncryptionContext:aws:s3:arn': buckets.flatMap((name) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]),
    },
  };
}

const ALL = { verify: true, backfill: true, redrive: true, status: true, test: true, again: true };

describe('the policy that is printed for the apply role', () => {
  it('suffices for the verbs of a fan-out whose source is encrypted by KMS', async () => {
    const { run } = await open();
    expect(await run()).toStrictEqual({ ends: ALL, denied: [] });
  });

  it('lets keys be used for the objects of its buckets alone', async () => {
    const { policy } = await open();
    const keys = policy.Statement.filter(({ Action }) => [Action].flat().some((name) => name.startsWith('kms:')));
    expect(keys.map(({ Action, Condition }) => [Action, Condition])).toStrictEqual([
      [['kms:Decrypt'], usedFor('acme-copies', 'acme-invoices')],
      [['kms:GenerateDataKey'], usedFor('acme-invoices')],
    ]);
  });

  it.each([
    'kms:GenerateDataKey',
    's3:PutObject',
    's3:DeleteObjectVersion',
    's3:GetObjectVersion',
    's3:ListBucketVersions',
  ])('needs %s for a probe', async (action) => {
    const { run } = await open((policy) =>
      policyOf(
        policy.Statement.map((one) => ({
          ...one,
          Action: [one.Action].flat().filter((name) => name !== action),
        })).filter(({ Action }) => Action.length > 0),
      ),
    );
    const { ends } = await run();
    expect(ends).toMatchObject({ verify: true, backfill: true, redrive: true, status: true });
    expect(ends.test).not.toBe(true);
  });

  it('lets nobody write or delete any object that is not a probe', async () => {
    const { policy } = await open();
    const resources = allowsOf(policy)
      .filter(({ Action }) => [Action].flat().some((action) => /^s3:(Put|Delete)Object/.test(action)))
      .flatMap(({ Resource }) => [Resource].flat())
      .filter((resource) => resource !== undefined)
      .filter((resource) => /:::acme-(invoices|copies)/.test(resource));
    expect([...new Set(resources)].sort()).toStrictEqual([
      'arn:aws:s3:::acme-copies/*trueup-probe-*',
      'arn:aws:s3:::acme-invoices/trueup-probe-*.pdf',
    ]);
  });
});
