import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { alarmInput, alarmProperties } from '../../src/resources/alarm-properties.ts';
import type { AlarmProperties } from '../../src/resources/alarm-properties.ts';
import { createAlarmType } from '../../src/resources/aws-cloudwatch-alarm.ts';
import { objectName } from '../../src/resources/names.ts';
import { IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const ResourceARN = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:corp-lag';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const PROPERTIES = {
  AlarmName: 'corp-lag',
  AlarmDescription: 'the mirror lags behind',
  Namespace: 'trueup',
  MetricName: 'lag',
  Dimensions: [
    { Name: 'zone', Value: 'corp' },
    { Name: 'kind', Value: 'mirror' },
  ],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 900,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
  ActionsEnabled: true,
  AlarmActions: [`${TOPIC}-2`, TOPIC],
  OKActions: [TOPIC],
  Tags: [{ Key: 'team', Value: 'network' }],
} as const satisfies AlarmProperties;

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(CloudWatchClient, createAlarmType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function find({ client }: Bench) {
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['corp-lag'] }));
  return MetricAlarms![0]!;
}

async function putByHand({ client }: Bench, fields: Partial<PutMetricAlarmInput>): Promise<void> {
  const { Tags: _tags, Dimensions, AlarmActions, OKActions, ...rest } = PROPERTIES;
  const lists = { Dimensions: [...Dimensions], AlarmActions: [...AlarmActions], OKActions: [...OKActions] };
  await client.send(new PutMetricAlarmCommand({ ...rest, ...lists, ...fields }));
}

testTypeLaws({
  type: 'AWS::CloudWatch::Alarm',
  properties: PROPERTIES,
  others: {
    AlarmDescription: 'another',
    Namespace: 'other',
    MetricName: 'failures',
    Dimensions: [{ Name: 'zone', Value: 'other' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 4,
    DatapointsToAlarm: 1,
    Threshold: 0,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'ignore',
    ActionsEnabled: false,
    AlarmActions: [],
    OKActions: [`${TOPIC}-2`],
    Tags: [{ Key: 'team', Value: 'operations' }],
  },
  service: 'cloudwatch',
  create: 'PutMetricAlarm',
  look: 'DescribeAlarms',
  removal: ['DeleteAlarms'],
  name: { property: 'AlarmName', ofMarker: objectName(IT) },
  arn: async ({ client }, name) => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms![0]!.AlarmArn!;
  },
  otherArns: ['arn:aws:events:eu-west-1:111122223333:rule/corp-lag', ResourceARN.replace('alarm:', 'dashboard/')],
  bench: createBench,
  tags: async ({ client }) => {
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
    return Object.fromEntries(Tags!.map(({ Key, Value }) => [Key!, Value!]));
  },
  tag: async ({ client }, tags) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new TagResourceCommand({ ResourceARN, Tags }));
  },
  untag: async ({ client }, keys) => {
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: [...keys] }));
  },
  makeForeign: (bench) => putByHand(bench, { Threshold: 5, Tags: [{ Key: 'theirs', Value: 'yes' }] }),
  snapshot: find,
});

describe('an alarm', () => {
  it('keeps what nobody declares, though PutMetricAlarm overwrites all', async () => {
    const bench = createBench();
    await bench.apply();
    const theirs = { InsufficientDataActions: [TOPIC], Unit: 'Seconds' as const };
    await putByHand(bench, theirs);
    expect(await bench.actions()).toEqual([]);

    bench.declare({ ...PROPERTIES, Threshold: 60 });
    await bench.apply();

    expect(await find(bench)).toMatchObject({ ...theirs, Threshold: 60 });
  });

  it('that drifted is put back, and the drift is named', async () => {
    const bench = createBench();
    await bench.apply();
    await putByHand(bench, { Threshold: 1e9, AlarmActions: [] });

    expect(await bench.actions()).toEqual(['update drifted Threshold AlarmActions']);
    await bench.apply();

    expect(await find(bench)).toMatchObject({ Threshold: 900 });
    expect(await bench.actions()).toEqual([]);
  });

  it('on an expression becomes one on the metric, with nothing beside it', () => {
    const before = {
      Metrics: [{ Id: 'a', Expression: '1' }],
      ExtendedStatistic: 'p99',
      EvaluateLowSampleCountPercentile: 'ignore',
      Unit: 'Seconds' as const,
    };

    const input = alarmInput(PROPERTIES, before);

    expect(input).toMatchObject({ MetricName: 'lag', Statistic: 'Maximum', Unit: 'Seconds' });
    expect(Object.keys(input).filter((key) => /^Metrics$|Percentile|Extended/.test(key))).toEqual([]);
  });

  it('is the same with its lists in another order', () => {
    const { AlarmActions, Dimensions } = PROPERTIES;
    const alarm = { AlarmActions: AlarmActions.toReversed(), Dimensions: Dimensions.toReversed() };

    expect(alarmProperties(PROPERTIES, alarm)).toMatchObject({ AlarmActions, Dimensions });
  });
});
