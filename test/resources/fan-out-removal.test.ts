import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient, TagQueueCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createSubscriptionType } from '../../src/resources/aws-sns-subscription.ts';
import { createTopicPolicyType } from '../../src/resources/aws-sns-topic-policy.ts';
import { createTopicType } from '../../src/resources/aws-sns-topic.ts';
import { createBucketNotificationType } from '../../src/resources/bucket-notification/index.ts';
import { notificationId } from '../../src/resources/bucket-notification/types.ts';
import { createMarkedTopics } from '../../src/resources/marked-topics.ts';
import { objectName } from '../../src/resources/names.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { createResourceBench } from '../support/resource-bench.ts';

const Bucket = 'acme-invoices';
const TopicName = 'acme-invoices-fanout';
const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${TopicName}`;
const QueueName = objectName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Copy' });
const MARKER = { owner: OWNER, kind: 'Fake', name: 'app' };

const FOREIGN = {
  Id: 'theirs',
  QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:theirs',
  Events: ['s3:ObjectRemoved:*' as const],
};

const RESOURCES: readonly Desired[] = [
  { id: 'Topic', type: 'AWS::SNS::Topic', place: HERE, properties: { TopicName } },
  {
    id: 'TopicPolicy',
    type: 'AWS::SNS::TopicInlinePolicy',
    place: HERE,
    properties: {
      TopicArn: { $get: ['Topic', 'TopicArn'] },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Bucket',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: TopicArn,
            Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${Bucket}` } },
          },
        ],
      },
    },
  },
  {
    id: 'Notification',
    type: 'Trueup::S3::BucketNotification',
    place: HERE,
    properties: { Bucket, TopicArn: { $get: ['Topic', 'TopicArn'] }, Events: ['s3:ObjectCreated:*'] },
    after: ['TopicPolicy'],
  },
  {
    id: 'CopySubscription',
    type: 'AWS::SNS::Subscription',
    place: HERE,
    properties: {
      TopicArn: { $get: ['Topic', 'TopicArn'] },
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:eu-west-1:111122223333:${QueueName}`,
    },
  },
];

async function applied(faults: readonly Fault[] = []) {
  const bench = createResourceBench(
    (aws) => {
      const topics = createMarkedTopics(aws);
      return [
        erasedType(createTopicType(aws)),
        erasedType(createTopicPolicyType(aws)),
        erasedType(createSubscriptionType(aws, topics)),
        erasedType(createBucketNotificationType(aws, topics, () => bench.account.now())),
      ];
    },
    RESOURCES,
    { faults },
  );
  const s3 = bench.account.client(S3Client, HERE);
  const sns = bench.account.client(SNSClient, HERE);
  const sqs = bench.account.client(SQSClient, HERE);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { 'trueup:owner': `${OWNER}/Fake/app/Copy` } }));
  bench.searches = true;
  bench.request = { limits: { deletes: { percent: 100, count: 10, from: 10 }, requireProtectedOverride: true } };
  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  return { bench, s3, sns };
}

type Opened = Awaited<ReturnType<typeof applied>>;

async function left({ s3, sns }: Opened) {
  const { Topics } = await sns.send(new ListTopicsCommand({}));
  const { Subscriptions } = await sns.send(new ListSubscriptionsCommand({}));
  const { TopicConfigurations, QueueConfigurations } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  return { Topics, Subscriptions, entries: [...(TopicConfigurations ?? []), ...(QueueConfigurations ?? [])] };
}

it('an entry alone is held against its topic’s policy, and there before anything else is done', async () => {
  const opened = await applied();

  expect(await opened.bench.plan()).toMatchObject({ complete: true, actions: [] });
  expect((await left(opened)).entries.map(({ Id }) => Id)).toEqual([
    notificationId({ ...MARKER, logicalId: 'Notification' }),
  ]);
});

it('a bucket, a topic and its subscribers are as they were when nothing declares them any more', async () => {
  const opened = await applied();
  const { bench, s3 } = opened;
  const { TopicConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { TopicConfigurations, QueueConfigurations: [FOREIGN] },
      SkipDestinationValidation: true,
    }),
  );
  bench.documents = [fakeDocument('other', [])];

  const plan = await bench.plan();
  expect(plan.actions.map(({ id, action, dependsOn }) => [id, action, dependsOn])).toEqual([
    ['Fake/app/CopySubscription', 'delete', ['Fake/app/Notification']],
    ['Fake/app/Notification', 'delete', []],
    ['Fake/app/Topic', 'delete', ['Fake/app/CopySubscription', 'Fake/app/Notification']],
  ]);
  expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', failed: [] });

  expect(await left(opened)).toEqual({ Topics: [], Subscriptions: [], entries: [FOREIGN] });
  expect((await bench.plan()).actions).toEqual([]);
});

it('a destination that nothing declares any more takes its subscription along', async () => {
  const opened = await applied();
  opened.bench.documents = [fakeDocument('app', RESOURCES.slice(0, 3))];

  const plan = await opened.bench.plan();
  expect(plan.actions.map(({ id, action }) => [id, action])).toEqual([['Fake/app/CopySubscription', 'delete']]);
  await opened.bench.apply(plan);

  expect((await left(opened)).Subscriptions).toEqual([]);
});

it('nothing goes while the entry cannot be looked at: its topic would be missed', async () => {
  const opened = await applied();
  const count = opened.bench.account.events().filter(({ eventName }) => eventName.startsWith('GetBucketNotification'));
  const denied = await applied([
    {
      service: 's3',
      command: 'GetBucketNotificationConfiguration',
      nth: count.length + 1,
      times: 99,
      fault: 'access-denied',
    },
  ]);
  denied.bench.documents = [fakeDocument('other', [])];

  const plan = await denied.bench.plan();

  expect([plan.complete, plan.actions]).toEqual([false, []]);
});

it('T67 every call about the bucket says whose it must be', async () => {
  const opened = await applied();
  opened.bench.documents = [fakeDocument('other', [])];
  await opened.bench.apply();

  const calls = opened.bench.account
    .events()
    .filter(({ eventSource, userAgent = '' }) => eventSource === 's3.amazonaws.com' && userAgent.includes('trueup-'));

  expect(calls.length).toBeGreaterThan(5);
  expect(calls.map(({ requestParameters }) => requestParameters!['expectedBucketOwner'])).toEqual(
    calls.map(() => HERE.account),
  );
});

it('an entry keeps its id, and a topic its policy, under another owner and another name', async () => {
  const { bench } = await applied();
  bench.documents = [fakeDocument('bills', RESOURCES, { formerly: ['app'] })];
  await bench.apply();

  expect(await bench.plan()).toMatchObject({ complete: true, actions: [] });
});
