import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { createLogGroupType } from '../../src/resources/aws-logs-log-group.ts';
import { logGroupName as groupOf, objectName } from '../../src/resources/names.ts';
import { BENCH_MARKER, IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const NAME = '/aws/lambda/corp-mirror';
const resourceArn = `arn:aws:logs:eu-west-1:111122223333:log-group:${NAME}`;
const PROPERTIES = {
  LogGroupName: NAME,
  RetentionInDays: 30,
  Tags: [
    { Key: 'team', Value: 'network' },
    { Key: 'app', Value: 'dns' },
  ],
};

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(CloudWatchLogsClient, createLogGroupType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function tagsOf({ client }: Bench): Promise<Record<string, string>> {
  return (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags!;
}

async function find({ client }: Bench) {
  return (await client.send(new DescribeLogGroupsCommand({}))).logGroups!.find(
    ({ logGroupName }) => logGroupName === NAME,
  );
}

testTypeLaws({
  type: 'AWS::Logs::LogGroup',
  properties: PROPERTIES,
  others: {
    RetentionInDays: 7,
    Tags: [
      { Key: 'team', Value: 'operations' },
      { Key: 'app', Value: 'dns' },
    ],
  },
  service: 'cloudwatch-logs',
  create: 'CreateLogGroup',
  look: 'DescribeLogGroups',
  removal: ['DeleteLogGroup'],
  name: {
    property: 'LogGroupName',
    ofMarker: groupOf(objectName(IT)),
    marker: `${BENCH_MARKER}Logs`,
  },
  arn: async ({ client }, name) => {
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups![0]!.arn!;
  },
  otherArns: [`${resourceArn}:log-stream:2026`, 'arn:aws:lambda:eu-west-1:111122223333:function:corp-mirror'],
  bench: createBench,
  tags: tagsOf,
  tag: async ({ client }, tags) => {
    await client.send(new TagResourceCommand({ resourceArn, tags }));
  },
  untag: async ({ client }, keys) => {
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }));
  },
  makeForeign: async ({ client }) => {
    await client.send(new CreateLogGroupCommand({ logGroupName: NAME, tags: { theirs: 'yes' } }));
    await client.send(new PutRetentionPolicyCommand({ logGroupName: NAME, retentionInDays: 90 }));
  },
  snapshot: find,
});

describe('a log group', () => {
  it('is told from one whose name begins with its own', async () => {
    const bench = createBench();
    await bench.client.send(new CreateLogGroupCommand({ logGroupName: `${NAME}-2` }));

    expect((await bench.apply()).outcome).toBe('applied');
    expect((await find(bench))?.retentionInDays).toBe(30);
  });

  it('keeps a retention and tags that nobody declares', async () => {
    const { RetentionInDays: _unmanaged, ...rest } = PROPERTIES;
    const bench = createBench(rest);
    await bench.apply();
    await bench.client.send(new PutRetentionPolicyCommand({ logGroupName: NAME, retentionInDays: 5 }));
    await bench.client.send(new TagResourceCommand({ resourceArn, tags: { theirs: 'yes' } }));

    expect(await bench.actions()).toEqual([]);
    bench.declare({ ...rest, Tags: [] });
    await bench.apply();

    expect((await find(bench))?.retentionInDays).toBe(5);
    expect(await tagsOf(bench)).toMatchObject({ theirs: 'yes', team: 'network' });
  });

  it('that drifted is put back, and the drift is named', async () => {
    const bench = createBench();
    await bench.apply();
    await bench.client.send(new PutRetentionPolicyCommand({ logGroupName: NAME, retentionInDays: 1 }));

    expect(await bench.actions()).toEqual(['update drifted RetentionInDays']);
    await bench.apply();

    expect((await find(bench))?.retentionInDays).toBe(30);
  });
});
