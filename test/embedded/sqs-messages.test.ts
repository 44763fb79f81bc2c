import { createHash } from 'node:crypto';
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  InvalidMessageContents,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import type { ReceiveMessageRequest, SendMessageRequest } from '@aws-sdk/client-sqs';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ACCOUNT = '111122223333';
const REGION = { region: 'eu-west-1' };
const NOW = Date.parse('2026-11-24T10:00:30Z');
const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/work`;
const DeadUrl = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/dead`;
const ARN = `arn:aws:sqs:eu-west-1:${ACCOUNT}:work`;

async function open(Attributes: Record<string, string> = {}) {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(SQSClient, REGION);
  await client.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await client.send(new CreateQueueCommand({ QueueName: 'work', Attributes }));
  return {
    account,
    client,
    send: (MessageBody: string, rest: Partial<SendMessageRequest> = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...rest })),
    async receive(rest: Partial<ReceiveMessageRequest> = {}) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...rest });
      return (await client.send(command)).Messages ?? [];
    },
    delete: (ReceiptHandle: string) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    async counts(url = QueueUrl) {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
      const { Attributes: all = {} } = await client.send(command);
      const { ApproximateNumberOfMessages: visible } = all;
      const { ApproximateNumberOfMessagesNotVisible: inFlight, ApproximateNumberOfMessagesDelayed: delayed } = all;
      return [visible, inFlight, delayed].map(Number);
    },
  };
}

describe('a message', () => {
  it('is received, out of sight for a while, and gone once it is deleted', async () => {
    const { account, send, receive, delete: remove, counts } = await open();
    const { MessageId, MD5OfMessageBody } = await send('höflich');
    expect(MD5OfMessageBody).toBe(createHash('md5').update('höflich').digest('hex'));

    const [first] = await receive({ MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 20 });
    expect(first).toMatchObject({ MessageId, Body: 'höflich', MD5OfBody: MD5OfMessageBody });
    expect(first?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(NOW),
      ApproximateFirstReceiveTimestamp: String(NOW),
      SenderId: expect.stringMatching(/^AIDA/) as string,
    });
    expect(await receive()).toEqual([]);
    expect(await counts()).toEqual([0, 1, 0]);
    account.elapse(30_000);
    const [second] = await receive({ AttributeNames: ['All'] });
    expect(second?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: String(NOW),
    });
    // The older handle is taken, and deletes nothing.
    await remove(first!.ReceiptHandle!);
    expect(await counts()).toEqual([0, 1, 0]);
    await remove(second!.ReceiptHandle!);
    await remove(second!.ReceiptHandle!);

    expect(await counts()).toEqual([0, 0, 0]);
    expect(await errorOf(remove('handle'))).toBeInstanceOf(ReceiptHandleIsInvalid);
  });

  it('comes late with a delay, and not at all after the retention period', async () => {
    const { account, send, receive, counts } = await open({ DelaySeconds: '10', MessageRetentionPeriod: '60' });
    await send('later');
    await send('now', { DelaySeconds: 0 });

    expect(await counts()).toEqual([1, 0, 1]);
    expect((await receive({ VisibilityTimeout: 5 })).map(({ Body }) => Body)).toEqual(['now']);
    account.elapse(10_000);
    expect((await receive({ VisibilityTimeout: 0 })).map(({ Body }) => Body)).toEqual(['later', 'now']);
    account.elapse(50_000);

    expect(await counts()).toEqual([0, 0, 0]);
    expect(await receive()).toEqual([]);
  });

  it('is seen again when its receiver says so, and hidden for longer', async () => {
    const { account, client, send, receive, counts } = await open();
    await send('one');
    const change = (ReceiptHandle: string, VisibilityTimeout: number) =>
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    const [first] = await receive();

    await change(first!.ReceiptHandle!, 100);
    account.elapse(60_000);
    expect(await counts()).toEqual([0, 1, 0]);
    await change(first!.ReceiptHandle!, 0);
    expect(await counts()).toEqual([1, 0, 0]);

    expect(await errorOf(change(first!.ReceiptHandle!, 5))).toBeInstanceOf(MessageNotInflight);
    expect(await errorOf(change(first!.ReceiptHandle!, 43_201))).toMatchObject({ Code: 'InvalidParameterValue' });
  });

  it('becomes a dead letter when it was received too often, and keeps its age', async () => {
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:dead`,
      maxReceiveCount: 2,
    });
    const { account, send, receive, counts } = await open({ RedrivePolicy, VisibilityTimeout: '0' });
    const { MessageId } = await send('poison');

    for (const count of ['1', '2']) {
      const [one] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      expect(one?.Attributes).toEqual({ ApproximateReceiveCount: count });
    }
    account.elapse(5000);
    expect(await receive()).toEqual([]);

    expect(await counts()).toEqual([0, 0, 0]);
    const [letter] = await receive({ QueueUrl: DeadUrl, MessageSystemAttributeNames: ['All'] });
    expect(letter).toMatchObject({ MessageId, Body: 'poison' });
    expect(letter?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: ARN,
      SentTimestamp: String(NOW),
      ApproximateReceiveCount: '3',
    });
  });

  it('has attributes with a digest of their own', async () => {
    const { send, receive } = await open();
    const octets = new Uint8Array([0, 255, 7]);
    const sent = await send('one', {
      MessageAttributes: {
        'kind.of': { DataType: 'String', StringValue: 'copy' },
        count: { DataType: 'Number.int', StringValue: '7' },
        raw: { DataType: 'Binary', BinaryValue: octets },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
    });

    const request = { MessageAttributeNames: ['All'], VisibilityTimeout: 0 };
    const [whole] = await receive({ ...request, MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(whole?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(whole?.MessageAttributes).toEqual({
      'kind.of': { DataType: 'String', StringValue: 'copy' },
      count: { DataType: 'Number.int', StringValue: '7' },
      raw: { DataType: 'Binary', BinaryValue: octets },
    });
    expect(whole?.Attributes).toEqual({ AWSTraceHeader: 'Root=1-2-3' });

    const [part] = await receive({ ...request, MessageAttributeNames: ['kind.*'] });
    expect(Object.keys(part?.MessageAttributes ?? {})).toEqual(['kind.of']);
    // Developer guide: length, name, length, type, 1 for text, length, value.
    const encoded = Buffer.from('\0\0\0\x07kind.of\0\0\0\x06String\x01\0\0\0\x04copy', 'latin1');
    expect(part?.MD5OfMessageAttributes).toBe(createHash('md5').update(encoded).digest('hex'));
    const [bare] = await receive({ VisibilityTimeout: 0 });
    expect(bare).not.toHaveProperty('MD5OfMessageAttributes');
  });

  it.each<[string, string, Partial<SendMessageRequest>, string]>([
    ['nothing in it', '', {}, 'MissingParameter'],
    ['more than the queue takes', 'x'.repeat(1025), {}, 'InvalidParameterValue'],
    ['a delay of a day', 'x', { DelaySeconds: 86_400 }, 'InvalidParameterValue'],
    [
      'an attribute of no type',
      'x',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
    [
      'an empty attribute',
      'x',
      { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      'InvalidParameterValue',
    ],
    [
      'a number that is none',
      'x',
      { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
    [
      'a name of AWS',
      'x',
      { MessageAttributes: { 'AWS.a': { DataType: 'String', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
  ])('is not taken with %s', async (_what, body, rest, Code) => {
    const { send, counts } = await open({ MaximumMessageSize: '1024' });

    expect(await errorOf(send(body, rest))).toMatchObject({ Code });
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('has no characters that XML has not', async () => {
    const { send } = await open();

    for (const odd of ['\0', '\u{1b}', '\u{FFFF}']) {
      expect(await errorOf(send(`a${odd}b`))).toBeInstanceOf(InvalidMessageContents);
    }
    expect(await send('\t\n\r\u{1F600}')).toHaveProperty('MessageId');
  });

  it.each([0, 11, 1.5])('is not received %s at a time', async (MaxNumberOfMessages) => {
    const { receive } = await open();

    expect(await errorOf(receive({ MaxNumberOfMessages }))).toMatchObject({ Code: 'InvalidParameterValue' });
  });
});

describe('a batch', () => {
  it('is judged entry by entry', async () => {
    const { client, receive, counts } = await open();
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: '' },
      { Id: 'c', MessageBody: 'two' },
    ];

    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(sent.Failed).toEqual([
      { Id: 'b', SenderFault: true, Code: 'MissingParameter', Message: expect.stringMatching(/MessageBody/) as string },
    ]);
    const handles = (await receive()).map(({ ReceiptHandle }) => ReceiptHandle!);
    const hidden = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [{ Id: 'x', ReceiptHandle: handles[0], VisibilityTimeout: 0 }],
      }),
    );
    expect(hidden.Successful).toEqual([{ Id: 'x' }]);
    expect(await counts()).toEqual([1, 1, 0]);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '0', ReceiptHandle: handles[0] },
          { Id: '1', ReceiptHandle: handles[1] },
          { Id: '2', ReceiptHandle: 'none' },
        ],
      }),
    );

    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(['0', '1']);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('has one to ten entries with names of their own, and a mebibyte at most', async () => {
    const { client } = await open();
    const send = (ids: readonly string[], MessageBody = 'x') =>
      errorOf(client.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody })) })));

    expect(await send([])).toBeInstanceOf(EmptyBatchRequest);
    expect(await send(Array.from({ length: 11 }, (_, index) => `${index}`))).toBeInstanceOf(
      TooManyEntriesInBatchRequest,
    );
    expect(await send(['a', 'a'])).toBeInstanceOf(BatchEntryIdsNotDistinct);
    expect(await send(['a b'])).toMatchObject({ name: 'InvalidBatchEntryId' });
    expect(await send(['a', 'b'], 'x'.repeat(524_289))).toBeInstanceOf(BatchRequestTooLong);
  });
});

describe('metrics of a queue', () => {
  it('tell each minute how many messages wait, and how old the oldest is', async () => {
    const { account, send, receive, delete: remove } = await open();
    const cloudwatch = account.client(CloudWatchClient, REGION);
    const read = async (MetricName: string) => {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/SQS',
          MetricName,
          Dimensions: [{ Name: 'QueueName', Value: 'work' }],
          StartTime: new Date('2026-11-24T10:00:00Z'),
          EndTime: new Date('2026-11-25T10:00:00Z'),
          Period: 60,
          Statistics: ['Maximum'],
        }),
      );
      return Datapoints.map(({ Maximum }) => Maximum);
    };
    await send('one');
    await send('two');
    await account.advance(90_000);
    const [one] = await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 600 });
    await account.advance(60_000);
    await remove(one!.ReceiptHandle!);
    await account.advance(60_000);

    expect(await read('ApproximateNumberOfMessagesVisible')).toEqual([2, 2, 1, 1]);
    expect(await read('ApproximateNumberOfMessagesNotVisible')).toEqual([0, 0, 1, 0]);
    expect(await read('ApproximateAgeOfOldestMessage')).toEqual([30, 90, 150, 210]);
  });

  it('end six hours after the last call about an empty queue', async () => {
    const { account } = await open();
    const cloudwatch = account.client(CloudWatchClient, REGION);
    await account.advance(24 * 3600_000);

    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: 'work' }],
        StartTime: new Date('2026-11-24T10:00:00Z'),
        EndTime: new Date('2026-11-25T10:00:00Z'),
        Period: 3600,
        Statistics: ['SampleCount'],
      }),
    );

    expect(Datapoints.map(({ SampleCount }) => SampleCount)).toEqual([59, 60, 60, 60, 60, 60, 1]);
  });
});
