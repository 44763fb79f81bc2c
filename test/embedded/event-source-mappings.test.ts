import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { doneOf } from '../../src/embedded/lambda/queue-event.ts';
import type { Received } from '../../src/embedded/sqs/receive.ts';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { REGION, ROLE, openTestFunctions } from '../support/lambda.ts';
import { errorOf } from '../support/embedded-zone.ts';

const FunctionName = 'mirror';
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:work';
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/work';
const DeadUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead';

/** Tells each batch; fails for messages `bad`, as a whole or by report. */
const TELLS = `export const handler = async ({ Records }) => {
  console.log('GOT ' + JSON.stringify(Records.map(({ body }) => body)));
};`;
const WHOLE = `export const handler = async (event) => { console.log('GOT ' + JSON.stringify(event)); };`;
const FAILS = `export const handler = async ({ Records }) => {
  console.log('GOT ' + JSON.stringify(Records.map(({ body }) => body)));
  if (Records.some(({ body }) => body === 'bad')) throw new Error('bad');
};`;
const REPORTS = `export const handler = async ({ Records }) => {
  console.log('GOT ' + JSON.stringify(Records.map(({ body }) => body)));
  const failed = Records.filter(({ body }) => body === 'bad');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

interface Setup {
  readonly attributes?: Record<string, string>;
  readonly options?: EmbeddedOptions;
}

async function open(source: string, { attributes = {}, options = {} }: Setup = {}) {
  const functions = openTestFunctions(options);
  const { account, client } = functions;
  const sqs = account.client(SQSClient, REGION);
  const logs = account.client(CloudWatchLogsClient, REGION);
  const iam = account.client(IAMClient, REGION);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'work', Attributes: attributes }));
  await functions.create(FunctionName, source);
  const create = (rest: Partial<CreateEventSourceMappingRequest> = {}) =>
    client.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: QUEUE, ...rest }));

  async function got(): Promise<readonly unknown[]> {
    await account.settled();
    const request = { logGroupName: '/aws/lambda/mirror', filterPattern: 'GOT' };
    const { events = [] } = await logs
      .send(new FilterLogEventsCommand(request))
      .catch(() => ({ events: [] as { message?: string }[] }));
    return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('GOT ') + 4)) as unknown);
  }

  return {
    ...functions,
    sqs,
    create,
    got,
    /** A mapping that is at work. */
    async start(rest: Partial<CreateEventSourceMappingRequest> = {}) {
      const { UUID } = await create(rest);
      account.elapse(3000);
      return UUID!;
    },
    async send(...bodies: readonly string[]) {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      await account.settled();
    },
    async counts() {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes: all = {} } = await sqs.send(command);
      return [Number(all['ApproximateNumberOfMessages']), Number(all['ApproximateNumberOfMessagesNotVisible'])];
    },
    look: async (UUID: string) => client.send(new GetEventSourceMappingCommand({ UUID })),
    update: (UUID: string, rest: Partial<UpdateEventSourceMappingRequest>) =>
      client.send(new UpdateEventSourceMappingCommand({ UUID, ...rest })),
    /** Leaves the function's role these rights alone. */
    leave: (...Action: readonly string[]) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: ROLE.split('/').at(-1),
          PolicyName: 'all',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: { Effect: 'Allow', Action: [...Action, 'logs:*'], Resource: '*' },
          }),
        }),
      ),
  };
}

describe('an event source mapping', () => {
  it('is made, looked at, changed and deleted', async () => {
    const { account, client, create, look, update } = await open(TELLS);

    const made = await create({ BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 } });
    const UUID = made.UUID!;
    expect(made).toMatchObject({
      UUID: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      EventSourceArn: QUEUE,
      FunctionArn: ARN,
      State: 'Creating',
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 0,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: [],
      EventSourceMappingArn: `arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:${UUID}`,
    });
    expect(await errorOf(update(UUID, { BatchSize: 6 }))).toMatchObject({ name: 'ResourceInUseException' });
    account.elapse(3000);
    expect(await look(UUID)).toMatchObject({ State: 'Enabled', BatchSize: 5 });
    const changes = {
      Enabled: false,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: {},
      FunctionResponseTypes: ['ReportBatchItemFailures' as const],
    };
    expect(await update(UUID, changes)).toMatchObject({ State: 'Disabling', BatchSize: 100 });
    account.elapse(3000);
    const changed = await look(UUID);
    expect(changed).toMatchObject({ State: 'Disabled', FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(changed.ScalingConfig).toBeUndefined();
    const removed = await client.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(removed.State).toBe('Deleting');

    expect(await errorOf(look(UUID))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is one for a queue and a function, and found by either', async () => {
    const { client, sqs, create } = await open(TELLS);
    const { UUID } = await create();
    await sqs.send(new CreateQueueCommand({ QueueName: 'other' }));
    await create({ EventSourceArn: QUEUE.replace('work', 'other') });

    expect(await errorOf(create())).toMatchObject({ name: 'ResourceConflictException' });
    const list = async (rest: object) => {
      const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand(rest));
      return EventSourceMappings.map((mapping) => mapping.UUID);
    };
    expect(await list({ EventSourceArn: QUEUE })).toEqual([UUID]);
    expect(await list({ FunctionName })).toHaveLength(2);
    expect(await list({ FunctionName: 'other' })).toEqual([]);
    const first = await client.send(new ListEventSourceMappingsCommand({ MaxItems: 1 }));
    const second = await client.send(new ListEventSourceMappingsCommand({ MaxItems: 1, Marker: first.NextMarker }));
    expect(second.NextMarker).toBeUndefined();
    expect([first, second].flatMap((page) => page.EventSourceMappings ?? [])).toHaveLength(2);
  });

  it('carries tags', async () => {
    const { account, client, create } = await open(TELLS);
    const { EventSourceMappingArn: Resource } = await create({ Tags: { a: '1', b: '2' } });

    await client.send(new TagResourceCommand({ Resource, Tags: { c: '3' } }));
    await client.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));

    expect((await client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2', c: '3' });
    const tagging = account.client(ResourceGroupsTaggingAPIClient, REGION);
    const request = { ResourceTypeFilters: ['lambda:event-source-mapping'] };
    const { ResourceTagMappingList: listed } = await tagging.send(new GetResourcesCommand(request));
    expect(listed?.map(({ ResourceARN }) => ResourceARN)).toEqual([Resource]);
  });

  it.each<[string, Partial<CreateEventSourceMappingRequest>, string]>([
    ['a queue that is not there', { EventSourceArn: `${QUEUE}-2` }, 'InvalidParameterValueException'],
    ['a stream', { EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/a' }, 'NotEmbedded'],
    ['another function', { FunctionName: 'none' }, 'ResourceNotFoundException'],
    ['11 messages at once, and no window', { BatchSize: 11 }, 'InvalidParameterValueException'],
    ['10,001 messages', { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, 'ValidationException'],
    ['a window of 301 seconds', { MaximumBatchingWindowInSeconds: 301 }, 'ValidationException'],
    ['one batch at once', { ScalingConfig: { MaximumConcurrency: 1 } }, 'ValidationException'],
    ['a filter', { FilterCriteria: { Filters: [] } }, 'NotEmbedded'],
  ])('is not made with %s', async (_what, rest, name) => {
    const { create } = await open(TELLS);

    expect(await errorOf(create(rest))).toMatchObject({ name });
  });

  it('needs a queue that hides messages as long as the function may run, and a role that may read it', async () => {
    const { create, leave } = await open(TELLS, { attributes: { VisibilityTimeout: '9' } });

    expect((await errorOf(create())).message).toMatch(/less than Function timeout: 10/);
    for (const missing of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
      const all = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
      await leave(...all.filter((action) => action !== missing));
      expect((await errorOf(create())).message).toContain(missing);
    }
  });
});

describe('messages of a mapped queue', () => {
  it('reach the function soon, in an event, and are deleted', async () => {
    const { sqs, start, account, got, counts, look } = await open(WHOLE);
    const UUID = await start();

    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'copy' } };
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one', MessageAttributes }));

    expect(await got()).toEqual([
      {
        Records: [
          {
            messageId: sent.MessageId,
            receiptHandle: expect.any(String) as string,
            body: 'one',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: String(account.now()),
              SenderId: expect.stringMatching(/^AIDA/) as string,
              ApproximateFirstReceiveTimestamp: String(account.now()),
            },
            messageAttributes: {
              kind: { stringValue: 'copy', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfBody: sent.MD5OfMessageBody,
            md5OfMessageAttributes: sent.MD5OfMessageAttributes,
            eventSource: 'aws:sqs',
            eventSourceARN: QUEUE,
            awsRegion: 'eu-west-1',
          },
        ],
      },
    ]);
    expect(await counts()).toEqual([0, 0]);
    expect(await look(UUID)).toMatchObject({ LastProcessingResult: 'OK' });
  });

  it('that came before the mapping are read as soon as it is at work', async () => {
    const { account, create, send, got, counts } = await open(TELLS);
    await send('one', 'two');
    await create();
    expect(await got()).toEqual([]);

    await account.advance(2999);
    expect(await got()).toEqual([]);
    await account.advance(1);

    expect((await got()).flat()).toEqual(['one', 'two']);
    expect(await counts()).toEqual([0, 0]);
  });

  it('come in batches of the size that was asked for, and wait for their window', async () => {
    const { account, start, send, got } = await open(TELLS);
    await start({ BatchSize: 3, MaximumBatchingWindowInSeconds: 60 });

    await send('1', '2', '3', '4');
    expect(await got()).toEqual([['1', '2', '3']]);
    await account.advance(59_000);
    expect(await got()).toHaveLength(1);
    await account.advance(1000);

    expect(await got()).toEqual([['1', '2', '3'], ['4']]);
  });

  it('come again together when the function fails, and are dead letters in the end', async () => {
    const redrive = { deadLetterTargetArn: QUEUE.replace('work', 'dead'), maxReceiveCount: 2 };
    const attributes = { VisibilityTimeout: '60', RedrivePolicy: JSON.stringify(redrive) };
    const { account, sqs, start, send, got, counts, look } = await open(FAILS, { attributes });
    const UUID = await start();
    await send('good', 'bad');
    expect(await counts()).toEqual([0, 2]);
    expect(await look(UUID)).toMatchObject({ LastProcessingResult: 'PROBLEM: Function call failed' });

    await account.advance(3600_000);

    expect(await got()).toEqual([
      ['good', 'bad'],
      ['good', 'bad'],
    ]);
    expect(await counts()).toEqual([0, 0]);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: DeadUrl, MaxNumberOfMessages: 10 }));
    expect(Messages.map(({ Body }) => Body)).toEqual(['good', 'bad']);
  });

  it('come again one by one where the function reports them', async () => {
    const { account, start, send, got, counts } = await open(REPORTS, { attributes: { VisibilityTimeout: '60' } });
    await start({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await send('good', 'bad', 'fine');
    expect(await counts()).toEqual([0, 1]);

    await account.advance(60_000);

    expect(await got()).toEqual([['good', 'bad', 'fine'], ['bad']]);
  });

  it('stay where they are while the mapping is off', async () => {
    const { account, start, update, send, got, counts } = await open(TELLS);
    const UUID = await start();
    await update(UUID, { Enabled: false });
    await send('one');
    await account.advance(600_000);
    expect(await got()).toEqual([]);
    expect(await counts()).toEqual([1, 0]);

    await update(UUID, { Enabled: true });
    await account.advance(3000);

    expect(await got()).toEqual([['one']]);
  });

  it('stay where they are while the role may not read them', async () => {
    const { account, start, leave, send, got, counts } = await open(TELLS);
    await start();
    await leave('sqs:ReceiveMessage');
    await send('one');
    await account.advance(600_000);
    expect(await counts()).toEqual([1, 0]);

    await leave('sqs:*');
    await account.advance(0);

    expect(await got()).toEqual([['one']]);
  });

  it('come again when the function is throttled', async () => {
    const { account, client, start, send, got, counts } = await open(TELLS, {
      attributes: { VisibilityTimeout: '60' },
    });
    await start();
    const limit = (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await limit(0);
    await send('one');
    expect(await counts()).toEqual([0, 1]);
    await limit(2);

    await account.advance(60_000);

    expect(await got()).toEqual([['one']]);
    expect(await counts()).toEqual([0, 0]);
  });

  it('are all read, however many come at once, each once', async () => {
    const { start, send, got, counts } = await open(TELLS);
    await start({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } });
    const bodies = Array.from({ length: 60 }, (_, index) => String(index));

    await Promise.all(Array.from({ length: 6 }, (_, part) => send(...bodies.slice(part * 10, part * 10 + 10))));

    const all = (await got()).flat() as string[];
    expect(all.sort((left, right) => Number(left) - Number(right))).toEqual(bodies);
    expect(await counts()).toEqual([0, 0]);
  });

  it('wait for the clock where messages travel by a plan', async () => {
    const { account, start, send, got } = await open(TELLS, { options: { delivery: { seed: 1 } } });
    await start();
    await send('one');
    expect(await got()).toEqual([]);

    await account.advance(0);

    expect(await got()).toEqual([['one']]);
  });
});

describe('a function’s report', () => {
  const messages = ['a', 'b'].map((id) => ({ id }) as unknown as Received);
  it.each<[string, string, string[]]>([
    ['no answer', 'null', ['a', 'b']],
    ['text', '"fine"', ['a', 'b']],
    ['an empty answer', '{}', ['a', 'b']],
    ['no list', '{"batchItemFailures":null}', ['a', 'b']],
    ['an empty list', '{"batchItemFailures":[]}', ['a', 'b']],
    ['one of them', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['a']],
    ['both', '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"a"}]}', []],
    ['another name', '{"batchItemFailures":[{"id":"b"}]}', []],
    ['an empty name', '{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['one that is not there', '{"batchItemFailures":[{"itemIdentifier":"c"}]}', []],
    ['no list but text', '{"batchItemFailures":"a"}', []],
  ])('with %s leaves %s', (_what, answer, done) => {
    expect(doneOf(messages, answer).map(({ id }) => id)).toEqual(done);
  });
});
