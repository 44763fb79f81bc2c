import { describe, expect, it } from 'vitest';
import { fitsBody } from '../../src/embedded/sns/filter-match.ts';
import { parseFilterPolicy } from '../../src/embedded/sns/filter-policy.ts';
import { decodeFunctionDocument } from '../../src/engine/function-document.ts';
import type { Desired } from '../../src/engine/types.ts';
import { compile } from '../../src/reconcilers/bucket-fan-out/compile.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { targetsOf } from '../../src/reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { createFanOutEstate, SOURCE, US } from '../support/bucket-fan-out.ts';

const HOME = '111122223333';
const PARTNER = [
  'destinations: [{ bucket: partner.invoices, account: partner, prefix: from-acme/, kmsKey: alias/partner, acl: bucket-owner-full-control }]',
];

async function loaded(spec?: readonly string[]) {
  const { documents, estate } = await (await createFanOutEstate(spec)).load();
  return { document: documents[0] as BucketFanOut, estate };
}

async function resourcesOf(spec?: readonly string[]): Promise<readonly Desired[]> {
  const { document, estate } = await loaded(spec);
  return compile(document, estate);
}

function ofType(resources: readonly Desired[], type: string): readonly Desired[] {
  return resources.filter((one) => one.type === type);
}

/** Actions and resources of the function's role, by the ids of the statements. */
function rightsIn(resources: readonly Desired[]) {
  const [policy] = ofType(resources, 'AWS::IAM::RolePolicy');
  const { Statement } = policy!.properties['PolicyDocument'] as unknown as {
    readonly Statement: readonly Readonly<Record<string, unknown>>[];
  };
  return Object.fromEntries(
    Statement.map(({ Sid, Effect, ...rest }) => {
      expect(Effect).toBe('Allow');
      return [Sid as string, rest];
    }),
  );
}

describe('the resources of a fan-out', () => {
  it('are of the source’s account and region, wherever the destinations are', async () => {
    const resources = await resourcesOf([
      'source: { bucket: acme-invoices, account: partner, region: eu-central-1 }',
      'destinations: [{ bucket: acme-invoices-us, account: prod, region: us-east-1 }]',
    ]);
    expect(new Set(resources.map(({ place }) => JSON.stringify(place)))).toEqual(
      new Set([JSON.stringify({ account: '444455556666', region: 'eu-central-1' })]),
    );
    expect(resources.map(({ id, type }) => `${id.replace(/[0-9a-f]{8}/, '*')} ${type}`)).toEqual([
      'Ledger AWS::DynamoDB::Table',
      'Topic AWS::SNS::Topic',
      'TopicPolicy AWS::SNS::TopicInlinePolicy',
      'DeadLetters* AWS::SQS::Queue',
      'DeadLettersPolicy* AWS::SQS::QueueInlinePolicy',
      'Work* AWS::SQS::Queue',
      'Copy*Logs AWS::Logs::LogGroup',
      'Copy*Role AWS::IAM::Role',
      'Copy*Policy AWS::IAM::RolePolicy',
      'Copy* AWS::Lambda::Function',
      'InvokeConfig* AWS::Lambda::EventInvokeConfig',
      'Copy*Source AWS::Lambda::EventSourceMapping',
      'Permission* AWS::Lambda::Permission',
      'Copy*Subscription AWS::SNS::Subscription',
      'DeadLettersAlarm* AWS::CloudWatch::Alarm',
      'OldestAlarm* AWS::CloudWatch::Alarm',
      'ThrottlesAlarm* AWS::CloudWatch::Alarm',
      'ErrorsAlarm* AWS::CloudWatch::Alarm',
      'RefusedAlarm AWS::CloudWatch::Alarm',
      'CollisionsAlarm AWS::CloudWatch::Alarm',
      'UnmappableAlarm AWS::CloudWatch::Alarm',
      'WaitingAlarm AWS::CloudWatch::Alarm',
      'Notification* Trueup::S3::BucketNotification',
    ]);
  });

  it('are named after the document, never after a bucket, which may have dots; a description says from where to where', async () => {
    const [copy] = ofType(await resourcesOf([SOURCE, ...PARTNER]), 'AWS::Lambda::Function');
    expect(copy!.properties['FunctionName']).toMatch(/^invoices-copy[0-9a-f]{8}-[0-9a-f]{10}$/);
    expect(copy!.properties['Description']).toBe('acme-invoices → partner.invoices/from-acme/ (BucketFanOut/invoices)');
  });

  it('stay those of a destination when another one comes before it', async () => {
    const ids = async (destinations: string) => {
      const { document, estate } = await loaded([SOURCE, `destinations: [${destinations}]`]);
      return targetsOf(document, estate).map(({ ids: { copy } }) => copy);
    };
    const [first] = await ids('{ bucket: b-one }');
    const [other, second] = await ids('{ bucket: b-two }, { bucket: b-one, storageClass: GLACIER }');
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('let S3 publish for this bucket of this account alone, and SNS send to the dead letters for this topic alone', async () => {
    const resources = await resourcesOf();
    const topic = `arn:aws:sns:eu-west-1:${HOME}:acme-invoices-fanout`;
    expect(ofType(resources, 'AWS::SNS::TopicInlinePolicy')[0]!.properties['PolicyDocument']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Source',
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic,
          Condition: {
            StringEquals: { 'aws:SourceAccount': HOME },
            ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::acme-invoices' },
          },
        },
      ],
    });
    const policy = ofType(resources, 'AWS::SQS::QueueInlinePolicy')[0]!.properties['PolicyDocument'];
    expect(policy).toMatchObject({
      Statement: [
        { Principal: { Service: 'sns.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': topic } } },
      ],
    });
  });

  it('end with the notification entry: no event comes before there is somebody to hear it', async () => {
    const resources = await resourcesOf();
    const entry = resources.at(-1)!;
    expect(entry.after).toEqual(['TopicPolicy', 'Ledger', ofType(resources, 'AWS::SNS::Subscription')[0]!.id]);
  });

  it('tell each function of its own destination, and of nothing that others have', async () => {
    const resources = await resourcesOf([
      'source: { bucket: acme.invoices }',
      ...PARTNER,
      'filter: { prefix: 2026/, maxSize: 5GiB }',
      'key: { strip: 2026/ }',
    ]);
    const [copy] = ofType(resources, 'AWS::Lambda::Function');
    const { Variables } = copy!.properties['Environment'] as unknown as {
      readonly Variables: Readonly<Record<string, string>>;
    };
    const told = decodeFunctionDocument(Variables['TRUEUP_DOCUMENT']!) as FanOutDocument;
    const queue = `https://sqs.eu-west-1.amazonaws.com/${HOME}/`;
    expect(told).toEqual({
      address: 'BucketFanOut/invoices',
      owner: 'acme-network',
      place: { account: HOME, region: 'eu-west-1' },
      source: { account: HOME, region: 'eu-west-1', bucket: 'acme.invoices' },
      topicArn: `arn:aws:sns:eu-west-1:${HOME}:acme-invoices-fanout`,
      configurationId: expect.stringMatching(
        /^acme-network\/BucketFanOut\/invoices\/Notification[0-9a-f]{8}$/,
      ) as string,
      destination: {
        account: '444455556666',
        region: 'eu-west-1',
        bucket: 'partner.invoices',
        prefix: 'from-acme/',
        // An alias alone would be one of the function's own account.
        kmsKey: 'arn:aws:kms:eu-west-1:444455556666:alias/partner',
        acl: 'bucket-owner-full-control',
      },
      key: { strip: '2026/' },
      filter: { prefix: '2026/', maxSize: 5 * 1024 ** 3 },
      replicateDeletes: false,
      ledger: { table: expect.stringMatching(/^invoices-ledger-[0-9a-f]{10}$/) as string, ttlDays: 90 },
      functionName: copy!.properties['FunctionName'],
      workQueueUrl: expect.stringContaining(`${queue}invoices-work`) as string,
      deadLetterQueueUrl: expect.stringContaining(`${queue}invoices-dead-letters`) as string,
    });
    const names = ofType(resources, 'AWS::SQS::Queue').map(
      ({ properties }) => `${queue}${properties['QueueName'] as string}`,
    );
    expect(names).toEqual([told.deadLetterQueueUrl, told.workQueueUrl]);
  });

  it('may start themselves more often in a row than Lambda lets pass: a large copy goes on so', async () => {
    const functions = ofType(await resourcesOf(), 'AWS::Lambda::Function');
    expect(functions.map(({ properties }) => properties['RecursiveLoop'])).toEqual(functions.map(() => 'Allow'));
  });

  it('reserve what the document says for each, half of it at most for a backfill', async () => {
    const at = async (concurrency: number) => {
      const resources = await resourcesOf([SOURCE, US, `concurrency: ${concurrency}`]);
      return [
        ofType(resources, 'AWS::Lambda::Function')[0]!.properties['ReservedConcurrentExecutions'],
        ofType(resources, 'AWS::Lambda::EventSourceMapping')[0]!.properties['ScalingConfig'],
      ];
    };
    expect(await at(50)).toEqual([50, { MaximumConcurrency: 25 }]);
    expect(await at(5)).toEqual([5, { MaximumConcurrency: 2 }]);
    // Lambda takes no limit below two, and what it has no room for comes back counted as received.
    await expect(at(3)).rejects.toThrow(/TU1002|at least 4/);
  });

  it('have a protected ledger, until the document says that it may go', async () => {
    const { document, estate } = await loaded();
    const protection = (onRemove: 'delete' | 'release' | undefined) =>
      ofType(compile({ ...document, ...(onRemove && { onRemove }) }, estate), 'AWS::DynamoDB::Table')[0]!.properties[
        'DeletionProtectionEnabled'
      ];
    expect([protection(undefined), protection('release'), protection('delete')]).toEqual([true, true, false]);
  });

  it('tell the topic of the document of alarms, else that of Settings', async () => {
    const alarms = (resources: readonly Desired[]) =>
      ofType(resources, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties['AlarmActions']);
    const own = 'arn:aws:sns:eu-west-1:111122223333:own';
    expect(alarms(await resourcesOf([SOURCE, US, `alarms: { sns: "${own}" }`]))).toEqual(
      Array.from({ length: 8 }, () => [own]),
    );
    expect(alarms(await resourcesOf())).toEqual(Array.from({ length: 8 }, () => []));
  });
});

describe('the rights of a function', () => {
  it('are its source below the filter, its destination below the prefix, and its own rows, queues and self', async () => {
    const rights = rightsIn(await resourcesOf([SOURCE, US, 'filter: { prefix: 2026/, suffix: .pdf }']));
    const { Log: _log, ...own } = rights;
    const queue = (name: string): string =>
      expect.stringMatching(`^arn:aws:sqs:eu-west-1:${HOME}:invoices-${name}[0-9a-f]{8}-[0-9a-f]{10}$`) as string;
    expect(own).toEqual({
      Read: {
        Action: ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'],
        Resource: ['arn:aws:s3:::acme-invoices/2026/*.pdf'],
      },
      Absence: { Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::acme-invoices'] },
      Decrypt: {
        Action: ['kms:Decrypt'],
        Resource: [`arn:aws:kms:eu-west-1:${HOME}:key/*`],
        Condition: {
          StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
          StringLike: {
            'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::acme-invoices', 'arn:aws:s3:::acme-invoices/*'],
          },
        },
      },
      Write: {
        Action: [
          's3:AbortMultipartUpload',
          's3:GetObject',
          's3:ListMultipartUploadParts',
          's3:PutObject',
          's3:PutObjectTagging',
          's3:PutObjectVersionTagging',
        ],
        Resource: ['arn:aws:s3:::acme-invoices-us/*'],
      },
      Ledger: {
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        Resource: [expect.stringMatching(`^arn:aws:dynamodb:eu-west-1:${HOME}:table/invoices-ledger-`)],
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['16:acme-invoices-us*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
      Work: {
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: [queue('work')],
      },
      DeadLetters: { Action: ['sqs:SendMessage'], Resource: [queue('dead-letters')] },
      Uploads: { Action: ['s3:ListBucketMultipartUploads'], Resource: ['arn:aws:s3:::acme-invoices-us'] },
      GoOn: {
        Action: ['lambda:InvokeFunction'],
        Resource: [expect.stringMatching(`^arn:aws:lambda:eu-west-1:${HOME}:function:invoices-copy`)],
      },
    });
  });

  it('are more for deletes, ACLs and keys, where these are asked for', async () => {
    const rights = rightsIn(await resourcesOf([SOURCE, ...PARTNER, 'replicateDeletes: true']));
    expect(rights['Write']).toEqual({
      Action: [
        's3:AbortMultipartUpload',
        's3:DeleteObject',
        's3:GetObject',
        's3:ListMultipartUploadParts',
        's3:PutObject',
        's3:PutObjectAcl',
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
      ],
      Resource: ['arn:aws:s3:::partner.invoices/from-acme/*'],
    });
    expect(rights['Encrypt']).toEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: ['arn:aws:kms:eu-west-1:444455556666:key/*'],
      Condition: {
        StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/partner' },
      },
    });
  });

  it('name a key by its ARN where the document does', async () => {
    const key = `arn:aws:kms:us-east-1:${HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    const rights = rightsIn(
      await resourcesOf([SOURCE, `destinations: [{ bucket: b-one, region: us-east-1, kmsKey: "${key}" }]`]),
    );
    expect(rights['Encrypt']).toEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [key],
      Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
    });
  });

  it('take a prefix as it stands, whatever policies make of its characters', async () => {
    const rights = rightsIn(await resourcesOf([SOURCE, 'destinations: [{ bucket: b-one, prefix: "a*b?${c}/" }]']));
    expect(rights['Write']!['Resource']).toEqual(['arn:aws:s3:::b-one/a${*}b${?}${$}{c}/*']);
  });

  it('have a wildcard for what IAM takes in no document', async () => {
    const rights = rightsIn(
      await resourcesOf([
        SOURCE,
        'destinations: [{ bucket: b-one, prefix: "ÿ/東京/😀x/" }]',
        'filter: { prefix: 東/ }',
      ]),
    );
    expect(rights['Write']!['Resource']).toEqual(['arn:aws:s3:::b-one/ÿ/*/*x/*']);
    expect(rights['Read']!['Resource']).toEqual(['arn:aws:s3:::acme-invoices/*/*']);
    expect(JSON.stringify(rights)).toMatch(/^[\t\n\r\u0020-\u00FF]+$/);
  });

  it.each<[string, string, readonly string[]]>([
    ['exports/', '/manifest.json', ['exports/*/manifest.json', 'exports/manifest.json']],
    ['aba', 'aba', ['aba*aba', 'ababa', 'aba']],
    ['in/a.pdf', '.pdf', ['in/a.pdf*.pdf', 'in/a.pdf']],
    ['a', 'b', ['a*b']],
  ])('name keys in which prefix and suffix overlap, too: %s %s', async (prefix, suffix, keys) => {
    const rights = rightsIn(await resourcesOf([SOURCE, US, `filter: { prefix: ${prefix}, suffix: ${suffix} }`]));
    expect(rights['Read']!['Resource']).toEqual(keys.map((key) => `arn:aws:s3:::acme-invoices/${key}`));
  });

  it('are never for everything', async () => {
    for (const spec of [
      [SOURCE, US],
      [SOURCE, ...PARTNER, 'replicateDeletes: true'],
    ]) {
      const rights = rightsIn(await resourcesOf(spec));
      for (const { Action, Resource } of Object.values(rights)) {
        expect(
          (Resource as readonly string[]).filter((one) => !/^arn:aws:[a-z0-9]+:[^:]*:[^:]*:.{3,}/.test(one)),
        ).toEqual([]);
        expect((Action as readonly string[]).filter((one) => one.includes('*'))).toEqual([]);
      }
    }
  });
});

describe('what S3 and SNS leave out', () => {
  it.each<[string, string, object]>([
    ['nothing', '{}', {}],
    ['a prefix and a suffix', '{ prefix: 2026/a, suffix: pdf }', { Prefix: '2026/a', Suffix: 'pdf' }],
    [
      'them as they stand',
      '{ prefix: "in-a/über_x=1 +/東京/", suffix: "-a.pdf" }',
      { Prefix: 'in-a/über_x=1 +/東京/', Suffix: '-a.pdf' },
    ],
    [
      'only what every encoder writes alike',
      '{ prefix: "in (old)/", suffix: " (1).pdf" }',
      { Prefix: 'in ', Suffix: '.pdf' },
    ],
    ['nothing, where the first character may be written in two ways', `{ prefix: "~in/", suffix: "pdf'" }`, {}],
  ])('%s', async (_what, filter, expected) => {
    const entry = (await resourcesOf([SOURCE, US, `filter: ${filter}`])).at(-1)!;
    const { Prefix, Suffix } = entry.properties;
    expect({ Prefix, Suffix }).toEqual({ Prefix: undefined, Suffix: undefined, ...expected });
  });

  it('no more than fits into a rule of S3', async () => {
    const entry = (await resourcesOf([SOURCE, US, `filter: { prefix: "${'東'.repeat(200)}" }`])).at(-1)!;
    // Nine characters each, of 1,024.
    expect(entry.properties['Prefix']).toBe('東'.repeat(113));
  });

  it.each<[string, readonly string[]]>([
    ['nothing', []],
    ['keys and sizes', ['filter: { prefix: 2026/, suffix: .pdf, minSize: 1KB, maxSize: 50GB }']],
    ['no events but two', ['events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"]', 'replicateDeletes: true']],
  ])('of SNS’s filter policy: nothing of it follows from the document (%s)', async (_what, spec) => {
    const [{ properties }] = ofType(await resourcesOf([SOURCE, US, ...spec]), 'AWS::SNS::Subscription') as [Desired];
    expect(properties['FilterPolicyScope']).toBe('MessageBody');
    expect(properties['FilterPolicy']).toEqual({
      Records: { eventName: [{ prefix: 'ObjectCreated:' }, { prefix: 'ObjectRemoved:' }] },
    });
    const filter = parseFilterPolicy(JSON.stringify(properties['FilterPolicy']), true);
    const record = { eventName: 'ObjectCreated:CompleteMultipartUpload', s3: { object: { key: 'a', size: 6e9 } } };
    expect(fitsBody(filter, JSON.stringify({ Records: [record] }))).toBe(true);
    expect(fitsBody(filter, JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' }))).toBe(false);
  });

  it('asks S3 for each event once, and for deletes where they are replicated', async () => {
    const events = async (...spec: readonly string[]) =>
      (await resourcesOf([SOURCE, US, ...spec])).at(-1)!.properties['Events'];
    expect(await events('events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:*"]')).toEqual(['s3:ObjectCreated:*']);
    expect(await events('events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"]', 'replicateDeletes: true')).toEqual(
      [
        's3:ObjectCreated:Copy',
        's3:ObjectCreated:Put',
        's3:ObjectRemoved:Delete',
        's3:ObjectRemoved:DeleteMarkerCreated',
      ],
    );
  });
});
