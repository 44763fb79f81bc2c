import {
  PutBucketEncryptionCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/engine/types.ts';
import { ownerFindings } from '../../src/reconcilers/bucket-fan-out/owner-findings.ts';
import { bucketStatement, lookStatement, verbStatements } from '../../src/reconcilers/bucket-fan-out/owner-policies.ts';
import { sourceOf, targetsOf } from '../../src/reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { createFanOutEstate, fanOutYaml, SOURCE, US } from '../support/bucket-fan-out.ts';
import type { TestEstate } from '../support/estate.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

const PARTNER = '444455556666';
const TO_PARTNER =
  'destinations: [{ bucket: partner.invoices, account: partner, prefix: from-acme/, kmsKey: alias/partner }]';

async function findingsOf(estate: TestEstate): Promise<readonly Finding[]> {
  const { documents } = await estate.plan();
  // What resource types say of their own objects is not this kind's.
  return documents[0]!.findings.filter(({ code }) => code !== 'unknown');
}

async function codesOf(estate: TestEstate): Promise<readonly string[]> {
  return (await findingsOf(estate)).map(({ code, severity }) => `${code} ${severity}`);
}

async function findingOf(estate: TestEstate, code: string): Promise<Finding | undefined> {
  return (await findingsOf(estate)).find((one) => one.code === code);
}

describe('of what is there already a plan says', () => {
  it('how much a wider filter and other keys leave out, and which keys collide', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { prefix: in/ }']);
    const { account } = estate;
    await makeBucket(account, 'acme-invoices');
    await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1' });
    expect(await estate.apply()).toMatchObject({ outcome: 'applied' });
    for (const key of ['in/a-1', 'in/a-2', 'out/b']) account.putSparseObject({ bucket: 'acme-invoices', key, size: 5 });
    // Nothing is changed: what is missing, verify tells.
    expect([...(await codesOf(estate))].sort()).toEqual(['concurrency-reserved info', 'native-replication info']);

    estate.write('invoices.yaml', fanOutYaml([SOURCE, US]));
    expect(await findingOf(estate, 'backfill-needed')).toMatchObject({ data: { objects: 3 } });
    expect(await findingOf(estate, 'keys-collide')).toBeUndefined();

    const key = 'key: { strip: in/, replace: [{ pattern: "-[0-9]$", with: "" }] }';
    estate.write('invoices.yaml', fanOutYaml([SOURCE, US, 'filter: { prefix: in/ }', key]));
    expect(await findingOf(estate, 'backfill-needed')).toMatchObject({ data: { objects: 1 } });
    expect(await findingOf(estate, 'keys-collide')).toMatchObject({
      severity: 'warning',
      data: { collisions: [{ key: 'in/a-2', copyKey: 'a', with: 'in/a-1' }] },
    });
  });
});

describe('of the buckets a plan says', () => {
  it('nothing but what is reserved, where all is well', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { suffix: .pdf }']);
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    expect(await codesOf(estate)).toEqual(['concurrency-reserved info']);
  });

  it('which of them do not exist', async () => {
    const estate = await createFanOutEstate();
    expect(
      (await findingsOf(estate)).filter(({ severity }) => severity === 'blocks').map(({ message }) => message),
    ).toEqual([
      'the bucket acme-invoices of spec.source does not exist in account 111122223333',
      'the bucket acme-invoices-us of spec.destinations[0] does not exist in account 111122223333',
    ]);
  });

  it('which belong to somebody else', async () => {
    const estate = await createFanOutEstate();
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1', account: '999900001111' });
    expect(await codesOf(estate)).toEqual(['bucket-not-checked warning', 'concurrency-reserved info']);
  });

  it('which are in another region', async () => {
    const estate = await createFanOutEstate();
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'eu-central-1' });
    expect((await findingsOf(estate)).filter(({ severity }) => severity === 'blocks')).toMatchObject([
      {
        code: 'bucket-elsewhere',
        message: 'the bucket acme-invoices-us of spec.destinations[0] is in eu-central-1, not in us-east-1',
        hint: 'write region: eu-central-1 there',
      },
    ]);
  });

  it('that the source is not versioned, and that deletes would be for good', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'replicateDeletes: true']);
    await makeBucket(estate.account, 'acme-invoices', { versioned: false });
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1', versioned: false });
    expect(await codesOf(estate)).toEqual([
      'source-unversioned info',
      'deletes-for-good warning',
      'concurrency-reserved info',
    ]);
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('replicateDeletes: true', 'replicateDeletes: false'));
    expect(await codesOf(estate)).toEqual(['source-unversioned info', 'concurrency-reserved info']);
  });
});

describe('of a destination that encrypts by a KMS key of its own a plan says', () => {
  const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
  const ARN = `arn:aws:kms:us-east-1:111122223333:key/${KEY}`;

  async function encrypting(KMSMasterKeyID: string, spec: readonly string[]): Promise<TestEstate> {
    const estate = await createFanOutEstate([SOURCE, ...spec, 'filter: { suffix: .pdf }']);
    await makeBucket(estate.account, 'acme-invoices');
    const s3 = await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID };
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: 'acme-invoices-us',
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
      }),
    );
    return estate;
  }

  it.each([
    ['id', KEY, ARN],
    ['ARN', ARN, ARN],
    ['alias', 'alias/invoices', 'alias/invoices'],
  ])('that the document must name it, and how (%s)', async (_what, key, kmsKey) => {
    const estate = await encrypting(key, [US]);
    expect(await findingOf(estate, 'bucket-key-unnamed')).toMatchObject({
      severity: 'blocks',
      message: `acme-invoices-us encrypts by the key ${key}, and spec.destinations[0] names none: KMS would refuse every copy`,
      hint: `name it there: kmsKey: ${kmsKey}`,
      data: { destination: 'acme-invoices-us', kmsKey },
    });
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('us-east-1 }', `us-east-1, kmsKey: "${kmsKey}" }`));
    expect(await codesOf(estate)).toEqual(['concurrency-reserved info']);
  });

  it('nothing, where it is the AWS managed one', async () => {
    expect(await codesOf(await encrypting('alias/aws/s3', [US]))).toEqual(['concurrency-reserved info']);
  });
});

describe('S3 Replication would do', () => {
  const PLAIN = [SOURCE, US, 'filter: { prefix: 2026/ }', 'replicateDeletes: true'];

  it.each<[string, readonly string[], boolean]>([
    ['what a rule can say', PLAIN, true],
    ['no suffix', [SOURCE, US, 'filter: { suffix: .pdf }'], false],
    ['no size', [SOURCE, US, 'filter: { maxSize: 1GB }'], false],
    ['no other keys', [...PLAIN, 'key: { strip: 2026/ }'], false],
    ['no replaced keys', [...PLAIN, 'key: { replace: [{ pattern: "a", with: "b" }] }'], false],
    ['no prefix', [SOURCE, US.replace('region', 'prefix: copies/, region')], false],
    ['no choice of events', [...PLAIN, 'events: ["s3:ObjectCreated:Put"]'], false],
  ])('%s', async (_what, spec, would) => {
    const estate = await createFanOutEstate(spec);
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    expect((await findingOf(estate, 'native-replication')) !== undefined).toBe(would);
  });

  it('nothing without versions', async () => {
    const estate = await createFanOutEstate(PLAIN);
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1', versioned: false });
    expect(await findingOf(estate, 'native-replication')).toBeUndefined();
  });
});

describe('an entry of somebody else in the notification configuration', () => {
  async function withEntry(prefix: string): Promise<TestEstate> {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { prefix: 2026/, suffix: .pdf }']);
    const s3 = await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    const sns = estate.account.client(SNSClient, { region: 'eu-west-1' });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'theirs' }));
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: TopicArn,
    };
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    const FilterRules = [{ Name: 'prefix' as const, Value: prefix }];
    const entry = {
      Id: 'theirs',
      TopicArn,
      Events: ['s3:ObjectCreated:Put' as const],
      Filter: { Key: { FilterRules } },
    };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'acme-invoices',
        NotificationConfiguration: { TopicConfigurations: [entry] },
      }),
    );
    return estate;
  }

  it('blocks where S3 would refuse ours beside it', async () => {
    const finding = await findingOf(await withEntry('2026/in/'), 'notification-overlap');
    expect(finding).toMatchObject({
      severity: 'blocks',
      message:
        'the notification configuration of acme-invoices has the entry theirs for s3:ObjectCreated:Put of keys 2026/in/*, which tells arn:aws:sns:eu-west-1:111122223333:theirs: S3 tells of an event once, and refuses ours beside it',
    });
  });

  it('is none of our business where only what follows a special character differs', async () => {
    const estate = await withEntry('in-b/');
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('prefix: 2026/', 'prefix: in-a/'));
    expect(await findingOf(estate, 'notification-overlap')).toBeUndefined();
    expect(await estate.apply()).toMatchObject({ failed: [] });
  });

  it('blocks where S3 can be asked for part of our prefix only, and says so', async () => {
    const estate = await withEntry('in!b/');
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('prefix: 2026/', 'prefix: in!a/'));
    expect(await findingOf(estate, 'notification-overlap')).toMatchObject({
      severity: 'blocks',
      message: expect.stringContaining('ours asks for keys in*.pdf, since nobody says how S3 encodes') as string,
      hint: expect.stringContaining('choose a prefix or suffix of the filter without') as string,
    });
  });

  it('is none of our business where it takes other keys', async () => {
    expect(await findingOf(await withEntry('2025/'), 'notification-overlap')).toBeUndefined();
  });
});

describe('of a bucket of another account', () => {
  async function estateOf(): Promise<TestEstate> {
    const estate = await createFanOutEstate([SOURCE, TO_PARTNER, 'filter: { suffix: .pdf }']);
    await makeBucket(estate.account, 'acme-invoices');
    return estate;
  }

  it('a plan prints what its owner must allow, in full, until the bucket allows it', async () => {
    const estate = await estateOf();
    const s3 = await makeBucket(estate.account, 'partner.invoices', { account: PARTNER });
    const finding = (await findingOf(estate, 'owner-must-allow'))!;
    const role = expect.stringMatching(
      /^arn:aws:iam::111122223333:role\/trueup\/acme-network\/invoices-copy[0-9a-f]{8}-role-[0-9a-f]{10}$/,
    ) as string;
    const { bucketPolicy, keyStatement } = finding.data!;
    const [statement] = (bucketPolicy as { readonly Statement: readonly object[] }).Statement;
    expect(finding.severity).toBe('warning');
    expect(statement).toEqual({
      Sid: expect.stringMatching(/^TrueupFanOut[0-9a-f]{10}$/) as string,
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: [
        's3:AbortMultipartUpload',
        's3:GetObject',
        's3:ListBucketMultipartUploads',
        's3:ListMultipartUploadParts',
        's3:PutObject',
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
      ],
      Resource: ['arn:aws:s3:::partner.invoices', 'arn:aws:s3:::partner.invoices/from-acme/*'],
    });
    expect(keyStatement).toMatchObject({ Principal: { AWS: role }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    const hint = finding.hint!.split('\n');
    const [bucketAt, keyAt] = [
      0,
      hint.indexOf('into the policy of the key arn:aws:kms:eu-west-1:444455556666:alias/partner:'),
    ];
    expect(JSON.parse(hint.slice(bucketAt + 1, keyAt).join(''))).toEqual(bucketPolicy);
    expect(JSON.parse(hint.slice(keyAt + 1).join(''))).toEqual(keyStatement);

    await estate.apply();
    const theirs = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutBucketPolicy',
      Resource: 'arn:aws:s3:::partner.invoices',
    };
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'partner.invoices',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ ...theirs, Principal: { AWS: 'arn:aws:iam::999900001111:root' } }, statement],
        }),
      }),
    );
    expect(await findingOf(estate, 'owner-must-allow')).toBeUndefined();
  });

  it('that cannot be entered must let the roles of Settings look as well', async () => {
    const estate = await estateOf();
    const roles = ['plan', 'apply'].map((role) => `arn:aws:iam::111122223333:role/trueup-${role}`);
    const { estate: compiled, documents } = await estate.load();
    const accounts = compiled.accounts.map(({ alias, id }) => ({
      alias,
      id,
      ...(alias === 'prod' && { planRole: roles[0]!, applyRole: roles[1]! }),
    }));
    const document = documents[0] as BucketFanOut;
    const settings = { ...compiled, accounts };
    const [target] = targetsOf(document, settings);
    expect(lookStatement(document, settings, target!)).toEqual({
      Sid: expect.stringMatching(/^TrueupFanOut[0-9a-f]{10}Look$/) as string,
      Effect: 'Allow',
      Principal: { AWS: roles },
      Action: ['s3:GetBucketVersioning', 's3:GetEncryptionConfiguration', 's3:ListBucket'],
      Resource: 'arn:aws:s3:::partner.invoices',
    });
    const forVerbs = verbStatements(document, settings, target!);
    expect(forVerbs).toEqual([
      {
        Sid: expect.stringMatching(/^TrueupFanOut[0-9a-f]{10}Verbs$/) as string,
        Effect: 'Allow',
        Principal: { AWS: roles[1] },
        Action: ['s3:GetObject', 's3:ListBucketVersions'],
        Resource: ['arn:aws:s3:::partner.invoices', 'arn:aws:s3:::partner.invoices/from-acme/*'],
      },
      {
        Sid: expect.stringMatching(/^TrueupFanOut[0-9a-f]{10}Probe$/) as string,
        Effect: 'Allow',
        Principal: { AWS: roles[1] },
        Action: ['s3:DeleteObjectVersion', 's3:GetObjectVersion'],
        Resource: ['arn:aws:s3:::partner.invoices/from-acme/*trueup-probe-*'],
      },
    ]);
    const statements = [
      bucketStatement(document, settings, target!),
      lookStatement(document, settings, target!)!,
      ...forVerbs,
    ];
    const found = (Statement: readonly object[]) =>
      ownerFindings(document, settings, {
        source: sourceOf(document, settings),
        target: target!,
        policy: { state: 'read', policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
        isMade: false,
      }).map(({ data }) => (data!['bucketPolicy'] as { readonly Statement: unknown }).Statement);
    for (const index of statements.keys()) {
      expect(found(statements.filter((_, at) => at !== index))).toEqual([statements]);
    }
    expect(found(statements)).toEqual([]);
    // Where it is entered by a role of its own, its own account looks.
    expect(lookStatement(document, compiled, target!)).toBeUndefined();
    expect(verbStatements(document, compiled, target!)).toEqual([]);
  });

  it('that cannot be entered, the account of the functions asks, and what it may not see is said', async () => {
    const estate = await estateOf();
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/partner: \{.*\}/, `partner: { id: "${PARTNER}" }`));
    await makeBucket(estate.account, 'partner.invoices', { account: PARTNER });
    const findings = await findingsOf(estate);
    expect(findings.map(({ code }) => code)).toEqual([
      'bucket-not-checked',
      'owner-must-allow',
      'concurrency-reserved',
    ]);
    expect(findings[1]!.message).toContain('whether its policy does was not seen (AccessDenied');
  });
});

describe('what is there already', () => {
  it('is counted for a new destination, with what it would take', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { prefix: in/ }', 'key: { strip: in/ }']);
    const objects = { 'in/a.pdf': 'twelve bytes', 'in/b.pdf': 'four', 'in/c c.pdf': 'there', 'out/d.pdf': 'no' };
    await makeBucket(estate.account, 'acme-invoices', { objects });
    await makeBucket(estate.account, 'acme-invoices-us', {
      region: 'us-east-1',
      objects: { 'c c.pdf': 'there', 'b.pdf': 'other' },
    });
    expect(await findingOf(estate, 'backfill-needed')).toMatchObject({
      severity: 'info',
      message: '2 existing objects (16 B) are not at acme-invoices-us: only new ones are copied by themselves',
      hint: 'trueup fan-out backfill invoices copies them: 4 requests to S3 and 16 B between regions',
      data: {
        destination: 'acme-invoices-us',
        objects: 2,
        bytes: 16,
        crossRegionBytes: 16,
        requests: 4,
        counted: 3,
        complete: true,
      },
    });
  });

  it('is not looked for where the function is there', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { suffix: .pdf }']);
    await makeBucket(estate.account, 'acme-invoices', { objects: { 'a.pdf': 'a' } });
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    expect(await findingOf(estate, 'backfill-needed')).toBeDefined();
    await estate.apply();
    expect(await findingOf(estate, 'backfill-needed')).toBeUndefined();
  });
});

describe('what is reserved', () => {
  it('is held against the account, of all documents together', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { suffix: .pdf }', 'concurrency: 600']);
    for (const name of ['acme-invoices', 'acme-orders']) await makeBucket(estate.account, name);
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    expect(await findingOf(estate, 'concurrency-reserved')).toMatchObject({
      message: 'fan-outs reserve 600 of the 1,000 concurrent executions of account 111122223333 in eu-west-1',
      data: { reserved: 600, limit: 1000, unreserved: 1000 },
    });
    estate.write('orders.yaml', fanOut('orders', 301));
    expect(await findingOf(estate, 'concurrency-exceeded')).toMatchObject({
      severity: 'blocks',
      message:
        'fan-outs reserve 901 concurrent executions of account 111122223333 in eu-west-1, which has 1,000 and must leave 100 unreserved',
    });
  });

  it('is held against what others have reserved, and against no more than that once it is had', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'filter: { suffix: .pdf }', 'concurrency: 400']);
    for (const name of ['acme-invoices', 'acme-orders']) await makeBucket(estate.account, name);
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    estate.write('orders.yaml', fanOut('orders', 350));
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    expect(await findingOf(estate, 'concurrency-reserved')).toMatchObject({
      message: 'fan-outs reserve 750 of the 1,000 concurrent executions of account 111122223333 in eu-west-1',
      data: { reserved: 750, limit: 1000, unreserved: 250, others: 0 },
    });

    // Its function is there, and no document of the tree is its own any more.
    estate.write('orders.yaml', '');
    expect(await findingOf(estate, 'concurrency-reserved')).toMatchObject({
      message:
        'fan-outs reserve 400 of the 1,000 concurrent executions of account 111122223333 in eu-west-1; other functions reserve 350',
    });
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('concurrency: 400', 'concurrency: 551'));
    expect(await findingOf(estate, 'concurrency-exceeded')).toMatchObject({
      severity: 'blocks',
      message:
        'fan-outs reserve 551 concurrent executions of account 111122223333 in eu-west-1, which has 1,000, of which other functions reserve 350, and must leave 100 unreserved',
    });
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('concurrency: 551', 'concurrency: 550'));
    expect(await findingOf(estate, 'concurrency-exceeded')).toBeUndefined();
  });
});

function fanOut(name: string, concurrency: number): string {
  return `apiVersion: trueup/v1
kind: BucketFanOut
metadata: { name: ${name} }
spec:
  source: { bucket: acme-${name} }
  concurrency: ${concurrency}
  destinations: [{ bucket: acme-invoices-us, region: us-east-1, prefix: ${name}/ }]
`;
}
