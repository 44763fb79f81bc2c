import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  TagResourceCommand as TagTableCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SQSClient,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import type { Subject } from '../../src/resources/trail/types.ts';
import { culpritOf } from '../support/culprit.ts';
import { HERE } from '../support/fake-world.ts';

const NAME = 'corp-work';
const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/111122223333/${NAME}`;
const OPEN = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
};

interface Scene {
  readonly account: EmbeddedAccount;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
}

async function open(): Promise<Scene> {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z') });
  onTestFinished(() => account.close());
  const sqs = account.client(SQSClient, HERE);
  const dynamodb = account.client(DynamoDBClient, HERE);
  await sqs.send(new CreateQueueCommand({ QueueName: NAME }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: NAME,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return { account, sqs, dynamodb };
}

function subjectOf(type: string, rest: Partial<Subject>): Subject {
  const resource = type === 'AWS::SQS::QueueInlinePolicy' ? `${NAME}/policy` : NAME;
  const properties = { Queue: QueueUrl };
  return {
    id: 'Fake/app/It',
    type,
    resource,
    place: HERE,
    properties,
    missing: false,
    changes: [],
    effects: [],
    ...rest,
  };
}

function change(path: string, before: Value): Partial<Subject> {
  return { changes: [{ path, before, after: null }] };
}

describe('who changed a queue', () => {
  const set = (Attributes: Record<string, string>) => (scene: Scene) =>
    scene.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const redrive = { deadLetterTargetArn: `arn:aws:sqs:eu-west-1:111122223333:${NAME}`, maxReceiveCount: 3 };

  it.each<[string, (scene: Scene) => Promise<unknown>, Partial<Subject>, string | undefined]>([
    ['a number', set({ VisibilityTimeout: '7' }), change('VisibilityTimeout', 7), 'SetQueueAttributes, exact'],
    ['another number', set({ VisibilityTimeout: '8' }), change('VisibilityTimeout', 7), 'SetQueueAttributes, likely'],
    [
      'what is off',
      set({ SqsManagedSseEnabled: 'false' }),
      change('SqsManagedSseEnabled', false),
      'SetQueueAttributes, exact',
    ],
    [
      'where dead letters go',
      set({ RedrivePolicy: JSON.stringify(redrive) }),
      change('RedrivePolicy', redrive),
      'SetQueueAttributes, exact',
    ],
    [
      'a tag',
      ({ sqs }) => sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'b' } })),
      change('Tags', [{ Key: 'team', Value: 'b' }]),
      'TagQueue, exact',
    ],
    ['all of it', ({ sqs }) => sqs.send(new DeleteQueueCommand({ QueueUrl })), { missing: true }, 'DeleteQueue, exact'],
  ])('is told by the trail: %s', async (_what, act, rest, told) => {
    const scene = await open();
    await act(scene);

    expect(await culpritOf(scene.account, subjectOf('AWS::SQS::Queue', rest))).toBe(told);
  });

  it.each<[string, Record<string, string>[], Partial<Subject>, string | undefined]>([
    ['opened', [{ Policy: JSON.stringify(OPEN) }], change('PolicyDocument', OPEN), 'SetQueueAttributes, exact'],
    ['taken away', [{ Policy: JSON.stringify(OPEN) }, { Policy: '' }], { missing: true }, 'SetQueueAttributes, exact'],
    ['left alone', [{ VisibilityTimeout: '7' }], change('PolicyDocument', OPEN), undefined],
  ])('is told of its policy, %s', async (_what, writes, rest, told) => {
    const scene = await open();
    for (const attributes of writes) await set(attributes)(scene);

    expect(await culpritOf(scene.account, subjectOf('AWS::SQS::QueueInlinePolicy', rest))).toBe(told);
  });
});

describe('who changed a table', () => {
  it.each<[string, (scene: Scene) => Promise<unknown>, Partial<Subject>, string]>([
    [
      'its protection',
      ({ dynamodb }) => dynamodb.send(new UpdateTableCommand({ TableName: NAME, DeletionProtectionEnabled: true })),
      change('DeletionProtectionEnabled', true),
      'UpdateTable, exact',
    ],
    [
      'how its rows end',
      ({ dynamodb }) =>
        dynamodb.send(
          new UpdateTimeToLiveCommand({
            TableName: NAME,
            TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          }),
        ),
      change('TimeToLiveSpecification', { AttributeName: 'expires', Enabled: true }),
      'UpdateTimeToLive, exact',
    ],
    [
      'a tag',
      ({ dynamodb }) =>
        dynamodb.send(
          new TagTableCommand({
            ResourceArn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${NAME}`,
            Tags: [{ Key: 'team', Value: 'b' }],
          }),
        ),
      change('Tags', [{ Key: 'team', Value: 'b' }]),
      'TagResource, exact',
    ],
    [
      'all of it',
      ({ dynamodb }) => dynamodb.send(new DeleteTableCommand({ TableName: NAME })),
      { missing: true },
      'DeleteTable, exact',
    ],
  ])('is told by the trail: %s', async (_what, act, rest, told) => {
    const scene = await open();
    await act(scene);

    expect(await culpritOf(scene.account, subjectOf('AWS::DynamoDB::Table', rest))).toBe(told);
  });
});
