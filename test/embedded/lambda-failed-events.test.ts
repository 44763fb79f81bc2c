import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { PutFunctionEventInvokeConfigRequest } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { REGION, ROLE, START, openTestFunctions } from '../support/lambda.ts';
import { errorOf } from '../support/embedded-zone.ts';

const FunctionName = 'mirror';
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:dead';
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead';
const FAILS = 'export const handler = async () => { throw new Error("always"); };';
const WORKS = 'export const handler = async () => 1;';

async function open(source: string) {
  const functions = openTestFunctions();
  const { account, client } = functions;
  const sqs = account.client(SQSClient, REGION);
  const cloudwatch = account.client(CloudWatchClient, REGION);
  const iam = account.client(IAMClient, REGION);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await functions.create(FunctionName, source);

  async function received() {
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    return (await sqs.send(new ReceiveMessageCommand(request))).Messages ?? [];
  }

  return {
    ...functions,
    sqs,
    configure: (rest: Partial<PutFunctionEventInvokeConfigRequest> = {}) =>
      client.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName,
          DestinationConfig: { OnFailure: { Destination: QUEUE } },
          ...rest,
        }),
      ),
    letters: (TargetArn: string) =>
      client.send(new UpdateFunctionConfigurationCommand({ FunctionName, DeadLetterConfig: { TargetArn } })),
    async start(event: unknown) {
      const Payload = JSON.stringify(event);
      await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
      await account.settled();
    },
    received,
    async records() {
      return (await received()).map(({ Body = '' }) => JSON.parse(Body) as unknown);
    },
    limit: (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions })),
    /** Takes every right away from the function's role but this one. */
    leave: (Action: string, Resource = '*') =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: ROLE.split('/').at(-1),
          PolicyName: 'all',
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }),
        }),
      ),
    async metric(MetricName: string, statistic: 'Sum' | 'Maximum' = 'Sum') {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
          StartTime: new Date(START),
          EndTime: new Date(START + 3600_000),
          Period: 3600,
          Statistics: [statistic],
        }),
      );
      return Datapoints[0]?.[statistic];
    },
  };
}

describe('an event that failed for good', () => {
  it('is told with its record to the queue that the function names', async () => {
    const { configure, start, records, received, metric, account } = await open(FAILS);
    await configure();
    const before = account.now();

    await start({ order: [1, 2] });

    expect(await records()).toEqual([
      {
        version: '1.0',
        timestamp: new Date(before + 180_000).toISOString(),
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          functionArn: `${ARN}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { order: [1, 2] },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: expect.objectContaining({ errorType: 'Error', errorMessage: 'always' }) as object,
      },
    ]);
    expect(await received()).toEqual([]);
    expect(await metric('AsyncEventsDropped')).toBe(1);
    expect(await metric('DestinationDeliveryFailures')).toBeUndefined();
    expect(await metric('AsyncEventAge', 'Maximum')).toBe(180_000);
  });

  it('is not told of when the function succeeds', async () => {
    const { configure, start, records, metric } = await open(WORKS);
    await configure();

    await start({});

    expect(await records()).toEqual([]);
    expect(await metric('AsyncEventsDropped')).toBeUndefined();
    expect(await metric('AsyncEventAge', 'Maximum')).toBe(0);
  });

  it.each([
    [60, 1, 60_000],
    [61, 2, 61_000],
    [180, 2, 180_000],
    [181, 3, 180_000],
  ])('is given up at the age of %i seconds, after %i tries', async (MaximumEventAgeInSeconds, count, time) => {
    const { configure, start, records, account } = await open(FAILS);
    await configure({ MaximumEventAgeInSeconds });
    const before = account.now();

    await start({});

    const condition = count === 3 ? 'RetriesExhausted' : 'EventAgeExceeded';
    expect(await records()).toMatchObject([{ requestContext: { condition, approximateInvokeCount: count } }]);
    expect(account.now() - before).toBe(time);
  });

  it('is told of at once where the function has no concurrency', async () => {
    const { configure, limit, start, records, account, metric } = await open(WORKS);
    await configure();
    await limit(0);
    const before = account.now();

    await start({ n: 1 });

    const [record] = await records();
    expect(record).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
      requestPayload: { n: 1 },
    });
    expect(record).not.toHaveProperty('responsePayload');
    expect(account.now()).toBe(before);
    expect(await metric('Throttles')).toBe(1);
  });

  it('ends as it is in the dead-letter queue, with the reason beside it', async () => {
    const { account, client, letters, start, received } = await open(FAILS);
    await letters(QUEUE);
    account.elapse(60_000);
    const { DeadLetterConfig } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(DeadLetterConfig).toEqual({ TargetArn: QUEUE });

    await start({ n: 1 });

    const [letter] = await received();
    expect(letter?.Body).toBe('{"n":1}');
    expect(letter?.MessageAttributes).toEqual({
      RequestID: { DataType: 'String', StringValue: expect.any(String) as string },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'always' },
    });
    await letters('');
    account.elapse(60_000);
    await start({ n: 2 });
    // The first one is in sight again.
    expect((await received()).map(({ Body }) => Body)).toEqual(['{"n":1}']);
  });

  it('is lost where its role may not send any more, or the queue is gone, and both are counted', async () => {
    const { configure, leave, start, records, sqs, metric } = await open(FAILS);
    await configure({ MaximumRetryAttempts: 0 });
    await leave('sqs:ReceiveMessage');
    await start({ n: 1 });
    expect(await records()).toEqual([]);
    expect(await metric('DestinationDeliveryFailures')).toBe(1);

    await leave('sqs:SendMessage', QUEUE);
    await start({ n: 2 });
    expect(await records()).toMatchObject([{ requestPayload: { n: 2 } }]);
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await start({ n: 3 });

    expect(await metric('DestinationDeliveryFailures')).toBe(2);
  });
});

describe('a destination of failed events', () => {
  it('is shown, and goes with its configuration', async () => {
    const { client, configure } = await open(WORKS);
    await configure({ MaximumRetryAttempts: 1 });

    const look = () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(await look()).toMatchObject({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: QUEUE }, OnSuccess: {} },
    });
    await client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));

    expect(await errorOf(look())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is taken only where the role may send to it', async () => {
    const { configure, leave, letters } = await open(WORKS);
    await leave('sqs:SendMessage', `${QUEUE}-2`);

    for (const refused of [configure(), letters(QUEUE)]) {
      expect(await errorOf(refused)).toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining('SendMessage') as string,
      });
    }
    const topic = { OnFailure: { Destination: 'arn:aws:sns:eu-west-1:111122223333:topic' } };
    expect(await errorOf(configure({ DestinationConfig: topic }))).toMatchObject({ name: 'NotEmbedded' });
  });
});
