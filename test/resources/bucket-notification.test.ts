import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import type { FilterRule, FilterRuleName, NotificationConfiguration } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/clients.ts';
import type { Fault, Stale } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import {
  createForeignNotificationsReader,
  foreignNotificationsPermissions,
} from '../../src/resources/bucket-notification/foreign.ts';
import { createBucketNotificationType } from '../../src/resources/bucket-notification/index.ts';
import { createMarkedTopics } from '../../src/resources/marked-topics.ts';
import { HERE } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { observeObject, removeObject } from '../support/removal.ts';
import { BENCH_MARKER, createTypeBench } from '../support/type-bench.ts';

const Bucket = 'acme-invoices';
const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:acme-invoices-fanout';
const PROPERTIES = { Bucket, TopicArn, Events: ['s3:ObjectCreated:*'], Prefix: '2026/', Suffix: '.pdf' };

/** As S3 answers it: the SDK's type has the names that S3 takes. */
function rule(Name: 'Prefix' | 'Suffix', Value: string): FilterRule {
  return { Name: Name as FilterRuleName, Value };
}

/** What others have: a topic, a queue, a function and EventBridge. */
const FOREIGN: NotificationConfiguration = {
  TopicConfigurations: [
    { Id: 'audit', TopicArn: 'arn:aws:sns:eu-west-1:111122223333:audit', Events: ['s3:ObjectRemoved:*'] },
    {
      Id: 'restored',
      TopicArn: 'arn:aws:sns:eu-west-1:111122223333:audit',
      Events: ['s3:ObjectRestore:Completed', 's3:ObjectRestore:Post'],
    },
  ],
  QueueConfigurations: [
    {
      Id: 'thumbnails',
      QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:thumbnails',
      Events: ['s3:ObjectCreated:Put'],
      Filter: { Key: { FilterRules: [rule('Prefix', 'images+and%28more%29/')] } },
    },
  ],
  LambdaFunctionConfigurations: [
    {
      Id: 'index',
      LambdaFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:index',
      Events: ['s3:ObjectTagging:*'],
      Filter: { Key: { FilterRules: [rule('Suffix', '.txt')] } },
    },
  ],
  EventBridgeConfiguration: {},
};

interface Opening {
  readonly faults?: readonly Fault[];
  readonly foreign?: NotificationConfiguration;
  readonly stale?: Stale;
  readonly clientsOf?: (aws: Aws) => Aws;
}

async function createBench(
  properties: Readonly<Record<string, Value>> = PROPERTIES,
  { faults = [], foreign = FOREIGN, stale, clientsOf = (aws) => aws }: Opening = {},
) {
  const bench = createTypeBench(
    S3Client,
    (aws) =>
      createBucketNotificationType(clientsOf(aws), createMarkedTopics(aws), () => Date.parse('2026-11-24T10:00:00Z')),
    properties,
    faults,
    stale && { stale },
  );
  await bench.client.send(new CreateBucketCommand({ Bucket }));
  const sns = bench.account.client(SNSClient, { region: HERE.region });
  await sns.send(new CreateTopicCommand({ Name: 'acme-invoices-fanout' }));
  await write(bench, foreign);
  return bench;
}

type Bench = Awaited<ReturnType<typeof createBench>>;

async function read({ client }: Pick<Bench, 'client'>): Promise<NotificationConfiguration> {
  const { $metadata: _metadata, ...found } = await client.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  return found;
}

async function write({ client }: Pick<Bench, 'client'>, NotificationConfiguration: NotificationConfiguration) {
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration,
      SkipDestinationValidation: true,
    }),
  );
}

const OWN = {
  Id: BENCH_MARKER,
  TopicArn,
  Events: ['s3:ObjectCreated:*'],
  Filter: {
    Key: {
      FilterRules: [rule('Prefix', '2026/'), rule('Suffix', '.pdf')],
    },
  },
};

/** What others have, with our entry behind their topics. */
function withOwn(own: object): NotificationConfiguration {
  return { ...FOREIGN, TopicConfigurations: [...FOREIGN.TopicConfigurations!, own as never] };
}

describe('our entry in the notification configuration of a bucket', () => {
  it('is written beside those of others, and then there is nothing to do', async () => {
    const bench = await createBench();
    expect(await bench.actions()).toEqual(['create missing Bucket TopicArn Events Prefix Suffix']);

    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await read(bench)).toEqual(withOwn(OWN));
    expect(await bench.actions()).toEqual([]);
    expect((await bench.apply()).outcome).toBe('nothing');
  });

  it.each([
    ['Events', ['s3:ObjectCreated:Put', 's3:ObjectCreated:Copy'], 'Events'],
    ['TopicArn', 'arn:aws:sns:eu-west-1:111122223333:other', 'TopicArn'],
    ['Prefix', 'Grüße & mehr/(1)/', 'Prefix'],
    ['Prefix', '2', 'Prefix'],
    ['Suffix', ' 100%+.txt', 'Suffix'],
  ])('is changed in its place: %s', async (name, value, path) => {
    const bench = await createBench();
    await bench.apply();
    await write(bench, { ...FOREIGN, TopicConfigurations: [OWN as never, ...FOREIGN.TopicConfigurations!] });
    bench.declare({ ...PROPERTIES, [name]: value });
    expect(await bench.actions()).toEqual([`update declared ${path}`]);

    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await bench.actions()).toEqual([]);
    const { TopicConfigurations: [own, ...others] = [], ...rest } = await read(bench);
    expect(own!.Id).toBe(BENCH_MARKER);
    expect({ ...rest, TopicConfigurations: others }).toEqual(FOREIGN);
  });

  it('is encoded as S3 wants rules, and nobody else sees it so', async () => {
    const bench = await createBench({ ...PROPERTIES, Prefix: 'a b+c/ü(1)/' });
    await bench.apply();

    const own = (await read(bench)).TopicConfigurations!.find(({ Id }) => Id === BENCH_MARKER)!;
    expect(own.Filter!.Key!.FilterRules![0]).toEqual({ Name: 'Prefix', Value: 'a+b%2Bc/%C3%BC%281%29/' });
    expect(await bench.actions()).toEqual([]);
  });

  it('is all ours: a filter, events or a destination that nobody declared are put back', async () => {
    const { Prefix: _prefix, Suffix: _suffix, ...plain } = PROPERTIES;
    const bench = await createBench(plain, { foreign: {} });
    const queue = { Id: BENCH_MARKER, QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:q', Events: OWN.Events as never };
    await write(bench, { QueueConfigurations: [{ ...queue, Filter: OWN.Filter }], ...foreignTopics() });
    expect(await bench.actions()).toEqual(['update declared Prefix Suffix TopicArn']);

    await bench.apply();

    const { Filter: _filter, ...own } = OWN;
    expect(await read(bench)).toEqual({ TopicConfigurations: [...FOREIGN.TopicConfigurations!, own] });
  });

  it('is written again when somebody overwrites it, and says what others have', async () => {
    const bench = await createBench();
    await bench.apply();
    await write(bench, FOREIGN);
    expect(await bench.actions()).toEqual(['create missing Bucket TopicArn Events Prefix Suffix']);

    await bench.apply();

    expect(await read(bench)).toEqual(withOwn(OWN));
    const { documents, summary } = await bench.plan();
    expect(summary.kept).toBe(4);
    expect(documents[0]!.findings).toEqual([
      expect.objectContaining({
        code: 'kept-entries',
        data: { entries: ['audit', 'restored', 'thumbnails', 'index'] },
      }),
    ]);
  });

  it.each(
    (['lost-reply', 'throttle', 'server-error', 'crash-before', 'crash-after'] as const).flatMap((fault) => [
      { fault, command: 'PutBucketNotificationConfiguration' },
      { fault, command: 'GetBucketNotificationConfiguration' },
    ]),
  )('survives a $fault of $command', async ({ fault, command }) => {
    // What the test itself writes comes first.
    const nth = command.startsWith('Put') ? 2 : 1;
    const bench = await createBench(PROPERTIES, { faults: [{ service: 's3', command, nth, fault }] });

    for (let tries = 0; tries < 3; tries += 1) await bench.apply();

    expect(await read(bench)).toEqual(withOwn(OWN));
    expect(await bench.actions()).toEqual([]);
  });

  it('is unknown, not absent, where the configuration may not be read, or the bucket is a stranger’s', async () => {
    const fault = {
      service: 's3',
      command: 'GetBucketNotificationConfiguration',
      times: 99,
      fault: 'access-denied',
    } as const;
    const bench = await createBench(PROPERTIES, { faults: [fault] });
    expect(await bench.plan()).toMatchObject({ complete: false, actions: [] });

    const theirs = await createBench({ ...PROPERTIES, Bucket: 'acme-strangers' });
    const stranger = theirs.account.client(S3Client, { region: HERE.region, account: '444455556666' });
    await stranger.send(new CreateBucketCommand({ Bucket: 'acme-strangers' }));
    expect(await theirs.plan()).toMatchObject({ complete: false, actions: [] });
  });

  it('cannot be written where there is no bucket, and says so', async () => {
    const bench = await createBench({ ...PROPERTIES, Bucket: 'acme-nowhere' });

    expect(await bench.apply()).toMatchObject({
      failed: [{ error: 'there is no bucket acme-nowhere in account 111122223333' }],
    });
  });

  it.each(['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const)(
    'is taken away in spite of a %s, and those of others stay',
    async (fault) => {
      const faults = [{ service: 's3', command: 'PutBucketNotificationConfiguration', nth: 3, fault }] as const;
      const bench = await createBench(PROPERTIES, { faults });
      await bench.apply();
      const which = {
        type: 'Trueup::S3::BucketNotification',
        properties: { Bucket },
        address: BENCH_MARKER.slice(BENCH_MARKER.indexOf('/') + 1),
      };
      expect(await observeObject(bench.resources, which)).toMatchObject({
        resource: `${Bucket}/${BENCH_MARKER}`,
        marker: BENCH_MARKER,
        witness: true,
      });

      await removeObject(bench.resources, which, 1);

      expect(await read(bench)).toEqual(FOREIGN);
      expect(await observeObject(bench.resources, which)).toBeUndefined();
    },
  );

  it('keeps its id when its document gets another name', async () => {
    const bench = await createBench();
    await bench.apply();

    bench.declare(PROPERTIES, { name: 'bills', formerly: ['app'] });

    expect(await bench.actions()).toEqual([]);
  });
});

function foreignTopics(): NotificationConfiguration {
  return { TopicConfigurations: FOREIGN.TopicConfigurations! };
}

testPermissions({
  name: 'an entry in the notification configuration of a bucket',
  open: () => createBench(),
  resources: [desired(PROPERTIES)],
  updates: [{ resources: [desired({ ...PROPERTIES, Suffix: '.txt' })] }],
});

function desired(properties: Readonly<Record<string, Value>>) {
  return { id: 'It', type: 'Trueup::S3::BucketNotification', place: HERE, properties };
}

describe('T70 what an apply overwrote of others', () => {
  const theirs = {
    Id: 'theirs',
    QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:theirs',
    Events: ['s3:ObjectCreated:*' as const],
    Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'drafts/' }] } },
  };

  /** Somebody writes between the read and the write of the first apply. */
  async function raced(faults: readonly Fault[] = []) {
    let isRaced = false;
    const bench: Bench = await createBench(PROPERTIES, {
      faults,
      clientsOf: (aws) => ({
        ...aws,
        async client(constructor, place, manner) {
          const client = await aws.client(constructor, place, manner);
          const { send } = client as unknown as { send(command: object): Promise<unknown> };
          return Object.assign(Object.create(client as object) as typeof client, {
            async send(command: object) {
              if (command instanceof PutBucketNotificationConfigurationCommand && !isRaced) {
                isRaced = true;
                await write(bench, { ...FOREIGN, QueueConfigurations: [...FOREIGN.QueueConfigurations!, theirs] });
              }
              return send.call(client, command);
            },
          });
        },
      }),
    });
    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    return bench;
  }

  async function findings(bench: Bench) {
    const { documents } = await bench.plan();
    return documents[0]!.findings.filter(({ code }) => code !== 'kept-entries');
  }

  it('is told by the trail, with all that it takes to put it back, until it is back', async () => {
    const bench = await raced();
    expect(await read(bench)).toEqual(withOwn(OWN));

    expect(await findings(bench)).toMatchObject([
      {
        code: 'overwritten-entry',
        severity: 'warning',
        message:
          'an apply of trueup at 2026-11-24T10:00:00Z overwrote an entry of the notification configuration of bucket acme-invoices that arn:aws:iam::111122223333:user/administrator had written at 2026-11-24T10:00:00Z: theirs, s3:ObjectCreated:* to arn:aws:sqs:eu-west-1:111122223333:theirs, keys that begin with drafts/; it is gone',
        hint: 'if it is missed, add it again to what this prints: aws s3api get-bucket-notification-configuration --bucket acme-invoices',
        data: { id: 'theirs', target: theirs.QueueArn, events: theirs.Events, prefix: 'drafts/', suffix: '' },
      },
    ]);

    const { QueueConfigurations = [], ...rest } = await read(bench);
    await write(bench, { ...rest, QueueConfigurations: [...QueueConfigurations, theirs] });
    expect(await findings(bench)).toEqual([]);
  });

  it('is not known where the trail may not be asked, and that is said', async () => {
    const bench = await raced([{ service: 'cloudtrail', command: '*', times: 99, fault: 'access-denied' }]);

    expect(await findings(bench)).toMatchObject([
      {
        code: 'overwritten-not-checked',
        severity: 'info',
        message: expect.stringContaining('CloudTrail in eu-west-1 of 111122223333 could not be asked') as string,
        hint: 'allow cloudtrail:LookupEvents on * to whoever plans',
      },
    ]);
  });
});

it('a configuration that shows late comes out whole', async () => {
  const stale = { milliseconds: 5_000, services: ['s3'] };
  const bench = await createBench(PROPERTIES, { stale });
  bench.account.elapse(10_000);

  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

  bench.account.elapse(10_000);
  expect(await read(bench)).toEqual(withOwn(OWN));
  expect(await bench.actions()).toEqual([]);
});

it('an entry waits until the topic takes what S3 says', async () => {
  const bench = await createBench(PROPERTIES, { foreign: {} });
  const client = bench.account.client(SNSClient, { region: HERE.region });
  const Statement = [
    {
      Sid: 's',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: TopicArn,
    },
  ];
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
  expect(await bench.create()).toMatchObject({ done: false, waiting: 'for the topic to take what S3 says' });
  expect(await read(bench)).toEqual({});

  await client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  await bench.apply();

  expect(await read(bench)).toEqual({ TopicConfigurations: [OWN] });
});

describe('what others have there', () => {
  const asked = { Bucket, Id: BENCH_MARKER, Events: ['s3:ObjectCreated:*'], Prefix: '2026/', Suffix: '.pdf' };

  it('is read without our entry', async () => {
    const bench = await createBench();
    await bench.apply();
    const reader = createForeignNotificationsReader(bench.resources.clients());

    const found = await reader(HERE, asked);

    expect(found).toMatchObject({
      entries: [
        { id: 'audit' },
        { id: 'restored' },
        { id: 'thumbnails', prefix: 'images and(more)/' },
        { id: 'index' },
      ],
      overlapping: [],
    });
    expect(await reader(HERE, { ...asked, Bucket: 'acme-nowhere' })).toBe('absent');
    expect(foreignNotificationsPermissions(HERE, Bucket)).toEqual([
      { action: 's3:GetBucketNotification', resource: 'arn:aws:s3:::acme-invoices' },
    ]);
    expect(await reader(HERE, { ...asked, Prefix: '', Suffix: '' })).toMatchObject({
      overlapping: [{ id: 'thumbnails' }],
    });
  });
});
