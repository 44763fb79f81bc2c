import {
  DeleteBucketCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Event, NotificationConfiguration, TopicConfiguration } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';
import {
  BUCKET,
  BUCKET_ARN,
  FUNCTION,
  OTHER,
  OWNER,
  QUEUE,
  REGION,
  TELLS,
  TOPIC,
  TO_TOPIC,
  eventsBench,
  openEventsBench,
  topicPolicy,
} from '../support/events-bench.ts';
import type { EventsBench } from '../support/events-bench.ts';

const look = async ({ s3 }: EventsBench): Promise<NotificationConfiguration> => {
  const { $metadata: _metadata, ...found } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }),
  );
  return found;
};

async function openWithTopic(): Promise<EventsBench> {
  const bench = await openEventsBench();
  await bench.topic();
  return bench;
}

/** An entry for the topic. */
function entry(event: string, prefix?: string, suffix?: string, rest: Partial<TopicConfiguration> = {}) {
  const rules = [
    ...(prefix === undefined ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
    ...(suffix === undefined ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
  ];
  const filter = rules.length > 0 ? { Filter: { Key: { FilterRules: rules } } } : {};
  return { TopicArn: TOPIC, Events: [event as Event], ...filter, ...rest };
}

describe('the notification configuration of a bucket', () => {
  it('is empty at first, comes back as it was put, replaces the one before, and goes with the bucket', async () => {
    const bench = await openWithTopic();
    expect(await look(bench)).toEqual({});

    await bench.notify({ TopicConfigurations: [entry('s3:ObjectCreated:*', 'in/', '.txt', { Id: 'one' })] });
    expect(await look(bench)).toEqual({
      TopicConfigurations: [
        {
          Id: 'one',
          TopicArn: TOPIC,
          Events: ['s3:ObjectCreated:*'],
          // S3 tells names with a capital.
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'Prefix', Value: 'in/' },
                { Name: 'Suffix', Value: '.txt' },
              ],
            },
          },
        },
      ],
    });

    await bench.notify({ TopicConfigurations: [entry('s3:ObjectRemoved:*')], EventBridgeConfiguration: {} });
    const { TopicConfigurations: [made] = [], ...rest } = await look(bench);
    expect(made).toEqual({ Id: expect.any(String) as string, TopicArn: TOPIC, Events: ['s3:ObjectRemoved:*'] });
    expect(rest).toEqual({ EventBridgeConfiguration: {} });

    await bench.s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await bench.bucket();
    expect(await look(bench)).toEqual({});
  });

  it('what was read can be put again', async () => {
    const bench = await openWithTopic();
    await bench.notify({ TopicConfigurations: [entry('s3:ObjectCreated:*', 'in/')] });
    const before = await look(bench);

    await bench.notify(before);

    expect(await look(bench)).toEqual(before);
  });

  it.each<[string, readonly TopicConfiguration[]]>([
    ['other events', [entry('s3:ObjectCreated:Put'), entry('s3:ObjectCreated:Copy')]],
    ['other prefixes', [entry('s3:ObjectCreated:*', 'a/'), entry('s3:ObjectCreated:*', 'b/')]],
    [
      'the same prefix and other suffixes',
      [entry('s3:ObjectCreated:*', 'a', '.x'), entry('s3:ObjectCreated:*', 'a', '.y')],
    ],
  ])('may have two entries with %s', async (_what, TopicConfigurations) => {
    const bench = await openWithTopic();

    await bench.notify({ TopicConfigurations: [...TopicConfigurations] });

    expect((await look(bench)).TopicConfigurations).toHaveLength(2);
  });

  it.each<[string, readonly TopicConfiguration[], RegExp]>([
    ['the same event twice', [entry('s3:ObjectCreated:Put'), entry('s3:ObjectCreated:Put')], /^Configurations overlap/],
    [
      'a wildcard over an event',
      [entry('s3:ObjectCreated:*'), entry('s3:ObjectCreated:Put')],
      /^Configurations overlap/,
    ],
    ['a prefix within another', [entry('s3:ObjectCreated:*', 'a'), entry('s3:ObjectCreated:*', 'a/b')], /ambiguously/],
    ['a prefix and none', [entry('s3:ObjectCreated:*'), entry('s3:ObjectCreated:*', 'a')], /ambiguously/],
    [
      'a prefix and a suffix',
      [entry('s3:ObjectCreated:*', 'a'), entry('s3:ObjectCreated:*', undefined, 'z')],
      /ambiguously/,
    ],
    [
      'one id twice',
      [
        entry('s3:ObjectCreated:Put', 'a', undefined, { Id: 'x' }),
        entry('s3:ObjectCreated:Put', 'b', undefined, { Id: 'x' }),
      ],
      /Same ID/,
    ],
    ['an event that is none', [entry('s3:ObjectRenamed')], /not supported/],
    ['a family that is none', [entry('s3:Object:*')], /not supported/],
    [
      'an ARN that is none',
      [entry('s3:ObjectCreated:*', undefined, undefined, { TopicArn: 'topic' })],
      /not well formed/,
    ],
    ['a queue as a topic', [entry('s3:ObjectCreated:*', undefined, undefined, { TopicArn: QUEUE })], /not well formed/],
    [
      'a topic elsewhere',
      [entry('s3:ObjectCreated:*', undefined, undefined, { TopicArn: TOPIC.replace('west', 'east') })],
      /region is not valid/,
    ],
    [
      'a topic that is not there',
      [entry('s3:ObjectCreated:*', undefined, undefined, { TopicArn: `${TOPIC}-2` })],
      /^Unable to validate/,
    ],
    [
      'another rule',
      [
        {
          ...entry('s3:ObjectCreated:*'),
          Filter: { Key: { FilterRules: [{ Name: 'infix' as 'prefix', Value: 'a' }] } },
        },
      ],
      /prefix or suffix/,
    ],
    [
      'two prefixes',
      [
        {
          ...entry('s3:ObjectCreated:*'),
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'prefix', Value: 'a' },
                { Name: 'prefix', Value: 'b' },
              ],
            },
          },
        },
      ],
      /more than one prefix/,
    ],
    ['a long prefix', [entry('s3:ObjectCreated:*', 'x'.repeat(1025))], /1024/],
  ])('does not take %s, and stays as it was', async (_what, TopicConfigurations, message) => {
    const bench = await openWithTopic();
    await bench.notify(TO_TOPIC);

    const error = await errorOf(bench.notify({ TopicConfigurations: [...TopicConfigurations] }));

    expect(error).toMatchObject({ name: 'InvalidArgument', $metadata: { httpStatusCode: 400 } });
    expect(error.message).toMatch(message);
    expect(await look(bench)).toEqual(TO_TOPIC);
  });

  it.each<[string, NotificationConfiguration]>([
    ['without events', { TopicConfigurations: [{ TopicArn: TOPIC, Events: [] }] }],
    [
      'with 101 entries',
      { TopicConfigurations: Array.from({ length: 101 }, (_, n) => entry('s3:ObjectCreated:*', `${n}/`)) },
    ],
  ])('%s is malformed', async (_what, configuration) => {
    const bench = await openWithTopic();

    expect(await errorOf(bench.notify(configuration))).toMatchObject({ name: 'MalformedXML' });
  });
});

describe('a destination', () => {
  it.each<[string, object]>([
    ['another bucket', { ArnLike: { 'aws:SourceArn': `${BUCKET_ARN}-2` } }],
    ['another account', { StringEquals: { 'aws:SourceAccount': OTHER } }],
  ])('whose policy admits %s alone refuses the configuration, and gets no test message', async (_who, condition) => {
    const bench = await openEventsBench();
    await bench.topic(topicPolicy(condition));

    expect(await errorOf(bench.notify(TO_TOPIC))).toMatchObject({ name: 'InvalidArgument' });
    await bench.account.settled();

    expect(bench.account.messages(TOPIC)).toEqual([]);
    expect(await look(bench)).toEqual({});
  });

  it('is not asked, and gets no test message, where validation is skipped', async () => {
    const bench = await openEventsBench();

    await bench.notify(TO_TOPIC, true);

    expect(await look(bench)).toEqual(TO_TOPIC);
    await bench.topic();
    await bench.account.settled();
    expect(bench.account.messages(TOPIC)).toEqual([]);
  });

  it('gets one test message in each request, however many entries name it', async () => {
    const bench = await openWithTopic();
    await bench.notify({ TopicConfigurations: [entry('s3:ObjectCreated:*'), entry('s3:ObjectRemoved:*')] });
    await bench.account.settled();

    const messages = bench.account.messages(TOPIC);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ subject: 'Amazon S3 Notification', attributes: {} });
    expect(JSON.parse(messages[0]!.message)).toEqual({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: '2026-11-24T10:00:00.000Z',
      Bucket: BUCKET,
      RequestId: expect.any(String) as string,
      HostId: expect.any(String) as string,
    });
  });

  it('that is a function or a queue must admit the bucket too', async () => {
    const bench = await openEventsBench();
    const toFunction = {
      LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectCreated:*' as const] }],
    };
    const toQueue = { QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:*' as const] }] };
    expect(await errorOf(bench.notify(toFunction))).toMatchObject({ name: 'InvalidArgument' });
    expect(await errorOf(bench.notify(toQueue))).toMatchObject({ name: 'InvalidArgument' });

    await bench.deploy(TELLS, { Principal: 's3.amazonaws.com', SourceArn: BUCKET_ARN, SourceAccount: OTHER });
    await bench.queue('s3.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER } });
    expect(await errorOf(bench.notify(toFunction))).toMatchObject({ name: 'InvalidArgument' });
    expect(await errorOf(bench.notify(toQueue))).toMatchObject({ name: 'InvalidArgument' });

    await bench.queue('s3.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OWNER } });
    await bench.notify(toQueue);
    expect((await look(bench)).QueueConfigurations).toMatchObject(toQueue.QueueConfigurations);
  });
});

describe('what IAM is asked about notifications', () => {
  it.each([
    ['s3:GetBucketNotification', new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET })],
    [
      's3:PutBucketNotification',
      new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration: {} }),
    ],
  ])('%s on the bucket', async (action, command) => {
    const iam = createIamBench();
    await eventsBench(iam.account).bucket();
    const client = (await iam.assume(await iam.role('user'))).client(S3Client);
    const send = () => client.send(command as GetBucketNotificationConfigurationCommand);

    await iam.grant('user', allow(action, `${BUCKET_ARN}-2`));
    expect(await errorOf(send())).toMatchObject({ name: 'AccessDenied' });
    await iam.grant('user', allow(action, BUCKET_ARN));
    await send();
  });

  it('another account is denied', async () => {
    const { account } = await openEventsBench();
    const client = account.client(S3Client, { ...REGION, account: OTHER });

    const call = client.send(new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }));

    expect(await errorOf(call)).toMatchObject({ name: 'AccessDenied' });
  });
});
