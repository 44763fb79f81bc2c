import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, PurgeQueueCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { REGION, START, openTestFunctions } from '../support/lambda.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:dead';
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead';
const MINUTE = 60_000;

const DEAD_LETTERS = {
  AlarmName: 'letters',
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
} satisfies PutMetricAlarmInput;

function watch(account: EmbeddedAccount) {
  const cloudwatch = account.client(CloudWatchClient, REGION);
  return {
    alarm: (rest: Partial<PutMetricAlarmInput> = {}) =>
      cloudwatch.send(new PutMetricAlarmCommand({ ...DEAD_LETTERS, ...rest })),
    async state(AlarmName = 'letters') {
      const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      return MetricAlarms[0]?.StateValue;
    },
  };
}

it('an alarm on dead letters is raised by the first one, and ends when they are gone', async () => {
  const account = openEmbedded('memory', { now: () => START });
  const sqs = account.client(SQSClient, REGION);
  const { alarm, state } = watch(account);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await alarm();
  await account.advance(5 * MINUTE);
  expect(await state()).toBe('OK');

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
  await account.advance(2 * MINUTE);
  expect(await state()).toBe('ALARM');
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await account.advance(2 * MINUTE);

  expect(await state()).toBe('OK');
});

it('an alarm on the oldest message is raised once it is old enough', async () => {
  const account = openEmbedded('memory', { now: () => START });
  const sqs = account.client(SQSClient, REGION);
  const { alarm, state } = watch(account);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await alarm({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 900 });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));

  await account.advance(16 * MINUTE);
  expect(await state()).toBe('OK');
  await account.advance(MINUTE);

  expect(await state()).toBe('ALARM');
});

it('alarms on dead letters, throttles and old events of a function are raised by its asynchronous invocations', async () => {
  const { account, client, create } = openTestFunctions();
  const sqs = account.client(SQSClient, REGION);
  const { alarm, state } = watch(account);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await create('copier', 'export const handler = async () => { throw new Error("no"); };');
  const FunctionName = 'copier';
  const DestinationConfig = { OnFailure: { Destination: QUEUE } };
  await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }));
  const of = { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: FunctionName }] };
  await alarm();
  await alarm({ ...of, AlarmName: 'throttles', MetricName: 'Throttles', Statistic: 'Sum' });
  await alarm({ ...of, AlarmName: 'old', MetricName: 'AsyncEventAge', Threshold: 2 * MINUTE });
  const start = () => client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));

  await start();
  await account.settled();
  await account.advance(2 * MINUTE);
  // The third try comes after three minutes, and the letter right behind it.
  expect([await state('letters'), await state('old'), await state('throttles')]).toEqual(['ALARM', 'ALARM', 'OK']);
  const limit = { FunctionName, ReservedConcurrentExecutions: 0 };
  await client.send(new PutFunctionConcurrencyCommand(limit));
  await start();
  await account.settled();
  await account.advance(MINUTE);

  expect(await state('throttles')).toBe('ALARM');
});
