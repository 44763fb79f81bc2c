import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import type { Search } from '../../src/resources/trail/reader.ts';
import { createTrailReader } from '../../src/resources/trail/reader.ts';
import type { Subject } from '../../src/resources/trail/types.ts';
import { HERE } from '../support/fake-world.ts';
import { createResourceBench } from '../support/resource-bench.ts';

const TopicName = 'acme-invoices-fanout';
const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${TopicName}`;
const Endpoint = 'arn:aws:sqs:eu-west-1:111122223333:copy';
const Bucket = 'acme-invoices';
const Id = 'acme-network/BucketFanOut/invoices/Notification';

async function scene() {
  const bench = createResourceBench(() => [], []);
  const sns = bench.account.client(SNSClient, HERE);
  const s3 = bench.account.client(S3Client, HERE);
  await sns.send(new CreateTopicCommand({ Name: TopicName }));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const subscribed = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }),
  );
  const SubscriptionArn = subscribed.SubscriptionArn!;
  const ours = { applyRole: undefined, functionRoles: new Set<string>() };
  const reader = createTrailReader(bench.clients(), { ours: () => ours });
  const search = (subject: Partial<Subject> & Pick<Subject, 'type' | 'resource'>): Promise<Search> =>
    reader.search({
      id: 'Fake/app/It',
      place: HERE,
      properties: {},
      missing: false,
      changes: [],
      effects: [],
      ...subject,
    });
  const setPolicy = (policy: object) =>
    sns.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: JSON.stringify(policy) }),
    );
  const writeEntry = (prefix: string | undefined) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          TopicConfigurations:
            prefix === undefined
              ? []
              : [
                  {
                    Id,
                    TopicArn,
                    Events: ['s3:ObjectCreated:*'],
                    Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: prefix }] } },
                  },
                ],
        },
      }),
    );
  return { sns, search, setPolicy, writeEntry, SubscriptionArn };
}

function told(event: string, confidence: 'exact' | 'likely' = 'exact') {
  return { state: 'told', who: { event, confidence } };
}

const TOPIC = { type: 'AWS::SNS::Topic', resource: TopicName, properties: { TopicName } };

it('tells who changed a topic, its tags, or deleted it', async () => {
  const { sns, search } = await scene();
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'theirs' }));
  const renamed = { path: 'DisplayName', before: 'theirs', after: 'ours' };
  expect(await search({ ...TOPIC, changes: [renamed] })).toMatchObject(told('SetTopicAttributes'));

  await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'team', Value: 'x' }] }));
  const tags = { path: 'Tags', before: [{ Key: 'team', Value: 'x' }], after: [{ Key: 'team', Value: 'y' }] };
  expect(await search({ ...TOPIC, changes: [tags] })).toMatchObject(told('TagResource'));

  await sns.send(new DeleteTopicCommand({ TopicArn }));
  expect(await search({ ...TOPIC, missing: true })).toMatchObject(told('DeleteTopic'));
});

it('tells who wrote a topic’s policy, or put SNS’s own back', async () => {
  const { sns, search, setPolicy } = await scene();
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Sid: 's', Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn }],
  };
  await setPolicy(policy);
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' }));
  const subject = { type: 'AWS::SNS::TopicInlinePolicy', resource: TopicName, properties: { TopicArn } };

  expect(
    await search({ ...subject, changes: [{ path: 'PolicyDocument', before: policy, after: null }] }),
  ).toMatchObject(told('SetTopicAttributes'));
  expect(await search({ ...subject, missing: true })).toMatchObject(told('SetTopicAttributes'));
  expect(await search({ ...subject, properties: {}, missing: true })).toEqual({ state: 'never', why: 'no name' });
});

it('tells who changed a subscription', async () => {
  const { sns, search, SubscriptionArn } = await scene();
  const filter = { event: ['x'] };
  const AttributeValue = JSON.stringify(filter);
  await sns.send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue }),
  );
  const subject = {
    type: 'AWS::SNS::Subscription',
    resource: SubscriptionArn.split(':').slice(-2).join(':'),
    properties: { TopicArn, Protocol: 'sqs', Endpoint },
  };

  expect(await search({ ...subject, changes: [{ path: 'FilterPolicy', before: filter, after: {} }] })).toMatchObject(
    told('SetSubscriptionAttributes'),
  );

  await sns.send(new DeleteTopicCommand({ TopicArn }));
  expect(await search({ ...subject, resource: 'what it would be', missing: true })).toMatchObject(told('DeleteTopic'));
});

it('tells who changed our entry in a bucket’s notification configuration, or left it out', async () => {
  const { search, writeEntry } = await scene();
  await writeEntry('theirs/');
  const subject = {
    type: 'Trueup::S3::BucketNotification',
    resource: `${Bucket}/${Id}`,
    properties: { Bucket, TopicArn, Events: ['s3:ObjectCreated:*'], Prefix: 'ours/' },
  };
  const change = { path: 'Prefix', before: 'theirs/', after: 'ours/' };
  expect(await search({ ...subject, changes: [change] })).toMatchObject(told('PutBucketNotification'));
  expect(await search({ ...subject, missing: true })).toMatchObject({ who: { confidence: 'not visible yet' } });

  await writeEntry(undefined);
  expect(await search({ ...subject, missing: true })).toMatchObject(told('PutBucketNotification'));
});
