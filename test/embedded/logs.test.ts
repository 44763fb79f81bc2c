import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CreateLogGroupRequest, FilterLogEventsRequest, InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { administrator } from '../../src/embedded/caller.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import { appendLogLines } from '../../src/embedded/logs/append.ts';
import { logEvents } from '../../src/embedded/logs/model.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GROUP = '/aws/lambda/mirror';
const ARN = `arn:aws:logs:eu-west-1:111122223333:log-group:${GROUP}`;

async function openWithGroup(group: Partial<CreateLogGroupRequest> = {}) {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(CloudWatchLogsClient, { region: 'eu-west-1' });
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP, ...group }));

  async function put(events: readonly (InputLogEvent | string)[], logStreamName = 'one') {
    await client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName })).catch((error: unknown) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
    const list = events.map((event) =>
      typeof event === 'string' ? { timestamp: account.now(), message: event } : event,
    );
    return client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName, logEvents: list }));
  }

  async function messages(fields: Partial<FilterLogEventsRequest> = {}): Promise<(string | undefined)[]> {
    const { events } = await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...fields }));
    return events!.map(({ message }) => message);
  }

  return { account, client, put, messages };
}

function numbered(count: number, start = NOW): InputLogEvent[] {
  return Array.from({ length: count }, (_, index) => ({ timestamp: start + index, message: `line ${index}` }));
}

describe('log groups', () => {
  it('are shown with both ARNs', async () => {
    const { client, put } = await openWithGroup({ tags: { a: '1' } });
    await put(['12345']);

    const { logGroups } = await client.send(new DescribeLogGroupsCommand({}));

    expect(logGroups).toEqual([
      {
        logGroupName: GROUP,
        creationTime: NOW,
        metricFilterCount: 0,
        arn: `${ARN}:*`,
        logGroupArn: ARN,
        logGroupClass: 'STANDARD',
        storedBytes: 5,
      },
    ]);
  });

  it('are listed by prefix and page by page', async () => {
    const { client } = await openWithGroup();
    for (const logGroupName of ['/b/2', '/b/1', '/b/3']) await client.send(new CreateLogGroupCommand({ logGroupName }));

    const query = { logGroupNamePrefix: '/b/', limit: 2 };
    const first = await client.send(new DescribeLogGroupsCommand(query));
    const second = await client.send(new DescribeLogGroupsCommand({ ...query, nextToken: first.nextToken }));

    expect(first.logGroups!.map(({ logGroupName }) => logGroupName)).toEqual(['/b/1', '/b/2']);
    expect(second.logGroups!.map(({ logGroupName }) => logGroupName)).toEqual(['/b/3']);
    expect(second.nextToken).toBeUndefined();
  });

  it('are found by a part of their names, in brief', async () => {
    const { client } = await openWithGroup();
    const list = async (fields: object) => (await client.send(new DescribeLogGroupsCommand(fields))).logGroups;

    expect(await list({ logGroupNamePattern: 'mirr' })).toEqual([
      { logGroupName: GROUP, creationTime: NOW, arn: `${ARN}:*` },
    ]);
    expect(await list({ logGroupNamePattern: 'MIRR' })).toEqual([]);
    const both = list({ logGroupNamePattern: 'a', logGroupNamePrefix: 'a' });
    expect((await errorOf(both)).name).toBe('InvalidParameterException');
  });

  it.each<[string, Partial<CreateLogGroupRequest>, string]>([
    ['one that is there', {}, 'ResourceAlreadyExistsException'],
    ['a bad name', { logGroupName: 'a b' }, 'InvalidParameterException'],
    ['a reserved name', { logGroupName: 'aws/x' }, 'InvalidParameterException'],
    ['a reserved tag', { logGroupName: 'x', tags: { 'aws:x': '' } }, 'InvalidParameterException'],
    ['a key of KMS', { logGroupName: 'x', kmsKeyId: 'k' }, 'NotEmbedded'],
    ['infrequent access', { logGroupName: 'x', logGroupClass: 'INFREQUENT_ACCESS' }, 'NotEmbedded'],
  ])('are not made: %s', async (_what, fields, name) => {
    const { client } = await openWithGroup();

    const error = await errorOf(client.send(new CreateLogGroupCommand({ logGroupName: GROUP, ...fields })));

    expect(error.name).toBe(name);
    expect((await client.send(new DescribeLogGroupsCommand({}))).logGroups).toHaveLength(1);
  });

  it('carry tags, by the ARN without :*', async () => {
    const { client } = await openWithGroup({ tags: { a: '1' } });
    await client.send(new TagResourceCommand({ resourceArn: ARN, tags: { b: '2' } }));
    await client.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ['a'] }));

    expect((await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }))).tags).toEqual({ b: '2' });
    const starred = client.send(new ListTagsForResourceCommand({ resourceArn: `${ARN}:*` }));
    expect((await errorOf(starred)).name).toBe('InvalidParameterException');
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
    const tooMany = client.send(new TagResourceCommand({ resourceArn: ARN, tags: many }));
    expect((await errorOf(tooMany)).name).toBe('TooManyTagsException');
  });

  it('are deleted with all that is in them', async () => {
    const { client, put, messages } = await openWithGroup();
    await put(['old']);

    await client.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
    const error = await errorOf(client.send(new DeleteLogGroupCommand({ logGroupName: GROUP })));
    await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));

    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(await messages()).toEqual([]);
    expect((await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }))).logStreams).toEqual([]);
  });
});

describe('retention', () => {
  it('takes the days of the list only', async () => {
    const { client } = await openWithGroup();
    const retention = async () => (await client.send(new DescribeLogGroupsCommand({}))).logGroups![0]!.retentionInDays;

    await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 30 }));
    const bad = client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 31 }));
    expect((await errorOf(bad)).name).toBe('InvalidParameterException');
    expect(await retention()).toBe(30);
    await client.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));
    expect(await retention()).toBeUndefined();
  });

  it('drops what is too old as the clock moves on, for good', async () => {
    const { account, client, put, messages } = await openWithGroup();
    await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 3 }));
    await put(['first']);
    await account.advance(DAY);
    await put(['second']);

    await account.advance(2 * DAY + 1);
    expect(await messages()).toEqual(['second']);
    await client.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));
    expect(await messages()).toEqual(['second']);
  });

  it('hides it before the clock was turned', async () => {
    const { account, client, put, messages } = await openWithGroup();
    await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 1 }));
    await put(['first']);

    account.elapse(DAY + 1);

    expect(await messages()).toEqual([]);
  });
});

describe('PutLogEvents', () => {
  it('rejects what is too old or too new and takes the rest', async () => {
    const { client, put, messages } = await openWithGroup();
    await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 7 }));

    const answer = await put([
      { timestamp: NOW - 15 * DAY, message: 'too old' },
      { timestamp: NOW - 8 * DAY, message: 'expired' },
      { timestamp: NOW, message: 'fine' },
      { timestamp: NOW + 121 * MINUTE, message: 'too new' },
    ]).catch((error: unknown) => error);

    expect(answer).toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining('24 hours') });
    const second = await put([
      { timestamp: NOW - 15 * DAY, message: 'too old' },
      { timestamp: NOW - 14.5 * DAY, message: 'too old as well' },
      { timestamp: NOW, message: 'fine' },
      { timestamp: NOW + 121 * MINUTE, message: 'too new' },
    ]);
    expect(second.rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 2,
      expiredLogEventEndIndex: 2,
      tooNewLogEventStartIndex: 3,
    });
    expect(await messages()).toEqual(['fine']);
  });

  it.each<[string, InputLogEvent[]]>([
    ['no event', []],
    ['an empty message', [{ timestamp: NOW, message: '' }]],
    [
      'disorder',
      [
        { timestamp: NOW, message: 'a' },
        { timestamp: NOW - 1, message: 'b' },
      ],
    ],
    ['more than 1 MB', [{ timestamp: NOW, message: 'x'.repeat(1_048_576) }]],
  ])('refuses %s', async (_what, events) => {
    const { put, messages } = await openWithGroup();

    expect((await errorOf(put(events))).name).toBe('InvalidParameterException');
    expect(await messages()).toEqual([]);
  });

  it('wants the group and the stream to be there', async () => {
    const { client } = await openWithGroup();
    for (const logGroupName of [GROUP, '/other']) {
      const input = { logGroupName, logStreamName: 'none', logEvents: numbered(1) };
      expect((await errorOf(client.send(new PutLogEventsCommand(input)))).name).toBe('ResourceNotFoundException');
    }
  });

  it('keeps the newest ten thousand events of a group', async () => {
    const { put, messages } = await openWithGroup();
    await put(numbered(6000));
    await put(numbered(6000, NOW + 6000).map((event) => ({ ...event, message: `late ${event.message}` })));

    const kept = await messages();
    expect(kept).toHaveLength(10_000);
    expect([kept[0], kept.at(-1)]).toEqual(['line 2000', 'late line 5999']);
  });

  it('makes metrics of lines in the embedded metric format', async () => {
    const { account, put } = await openWithGroup();
    const directive = { Namespace: 'trueup', Dimensions: [['zone']], Metrics: [{ Name: 'lag', Unit: 'Seconds' }] };
    const root = { _aws: { Timestamp: NOW - 5 * MINUTE, CloudWatchMetrics: [directive] }, zone: 'corp' };
    await put([JSON.stringify({ ...root, lag: [2, 4] }), JSON.stringify(root)]);

    const { Datapoints } = await account.client(CloudWatchClient, { region: 'eu-west-1' }).send(
      new GetMetricStatisticsCommand({
        Namespace: 'trueup',
        MetricName: 'lag',
        Dimensions: [{ Name: 'zone', Value: 'corp' }],
        StartTime: new Date(NOW - 10 * MINUTE),
        EndTime: new Date(NOW),
        Period: 60,
        Statistics: ['Sum', 'Average', 'SampleCount'],
      }),
    );

    expect(Datapoints).toEqual([{ Timestamp: new Date(NOW - 5 * MINUTE), Sum: 6, Average: 3, SampleCount: 2 }]);
  });
});

describe('GetLogEvents', () => {
  it('goes forward and backward through one stream', async () => {
    const { client, put } = await openWithGroup();
    await put(numbered(5));
    await put(['of another stream'], 'two');
    const get = async (fields: object) => {
      const answer = await client.send(
        new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 'one', limit: 2, ...fields }),
      );
      return { ...answer, lines: answer.events!.map(({ message }) => message!.slice(-1)).join('') };
    };

    const newest = await get({});
    const older = await get({ nextToken: newest.nextBackwardToken });
    const oldest = await get({ startFromHead: true });
    const end = await get({ nextToken: newest.nextForwardToken, startFromHead: true });

    expect([newest.lines, older.lines, oldest.lines, end.lines]).toEqual(['34', '12', '01', '']);
    expect(end.nextForwardToken).toBe(newest.nextForwardToken);
    expect((await get({ startTime: NOW + 1, endTime: NOW + 3 })).lines).toBe('12');
    expect((await errorOf(get({ nextToken: 'x' }))).name).toBe('InvalidParameterException');
  });
});

describe('FilterLogEvents', () => {
  it('interleaves streams by time and filters them', async () => {
    const { put, messages } = await openWithGroup();
    await put([{ timestamp: NOW + 1, message: 'b ERROR' }]);
    await put(
      [
        { timestamp: NOW, message: 'a' },
        { timestamp: NOW + 2, message: 'c ERROR' },
      ],
      'two',
    );

    expect(await messages()).toEqual(['a', 'b ERROR', 'c ERROR']);
    expect(await messages({ startFromHead: false })).toEqual(['c ERROR', 'b ERROR', 'a']);
    expect(await messages({ filterPattern: 'ERROR' })).toEqual(['b ERROR', 'c ERROR']);
    expect(await messages({ logStreamNames: ['two'] })).toEqual(['a', 'c ERROR']);
    expect(await messages({ logStreamNamePrefix: 'o' })).toEqual(['b ERROR']);
    expect(await messages({ startTime: NOW + 1, endTime: NOW + 2 })).toEqual(['b ERROR', 'c ERROR']);
  });

  it.each([[undefined], [false]])('goes page by page, startFromHead %s', async (startFromHead) => {
    const { client, put } = await openWithGroup();
    await put(numbered(5));
    const seen: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const input = { logGroupIdentifier: ARN, limit: 2, nextToken, startFromHead };
      const page = await client.send(new FilterLogEventsCommand(input));
      seen.push(...page.events!.map(({ message }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);

    const expected = numbered(5).map(({ message }) => message);
    expect(seen).toEqual(startFromHead === false ? expected.reverse() : expected);
  });
});

describe('streams', () => {
  it('are listed by name and by last event', async () => {
    const { client, put } = await openWithGroup();
    await put([{ timestamp: NOW + 5, message: 'x' }], 'a');
    await put([{ timestamp: NOW, message: 'x' }], 'b');
    const list = async (fields: object) => {
      const answer = await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, ...fields }));
      return answer.logStreams!.map(({ logStreamName }) => logStreamName).join('');
    };

    expect(await list({})).toBe('ab');
    expect(await list({ orderBy: 'LastEventTime' })).toBe('ba');
    expect(await list({ orderBy: 'LastEventTime', descending: true })).toBe('ab');
    expect(await list({ logStreamNamePrefix: 'b' })).toBe('b');
    expect((await errorOf(list({ orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }))).name).toBe(
      'InvalidParameterException',
    );
  });
});

describe('lines of a function', () => {
  it('make group and stream and are written in order, without empty ones', () => {
    const database = new Database();
    const context = { caller: administrator('111122223333'), region: 'eu-west-1', now: NOW };
    const lines = [
      { timestamp: NOW, message: 'second' },
      { timestamp: NOW - 1, message: 'first' },
      { timestamp: NOW, message: '' },
      ...numbered(50, NOW + 1).map((line) => ({ timestamp: line.timestamp!, message: line.message! })),
    ];
    for (const part of [lines, [{ timestamp: NOW + 60, message: 'third' }]]) {
      const data = new Transaction(database);
      expect(appendLogLines({ group: GROUP, stream: 's', lines: part }, { ...context, data })).toBe(true);
      database.apply(data.changes());
    }

    const kept = [...new Transaction(database).entries(logEvents(`111122223333 eu-west-1 ${GROUP}`))];
    const found = kept.map(([, { message }]) => message);
    expect(found).toHaveLength(53);
    expect([found[0], found[1], found[2], found.at(-1)]).toEqual(['first', 'second', 'line 0', 'third']);
  });
});
