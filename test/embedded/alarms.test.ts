import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricDatum, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const ARN = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:lag';
const METRIC = { Namespace: 'trueup', MetricName: 'failures', Dimensions: [{ Name: 'zone', Value: 'corp' }] };
const ALARM: PutMetricAlarmInput = {
  ...METRIC,
  AlarmName: 'lag',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [TOPIC],
};

function open() {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(CloudWatchClient, { region: 'eu-west-1' });

  async function datum(fields: Partial<MetricDatum>): Promise<void> {
    const MetricData = [{ MetricName: METRIC.MetricName, Dimensions: METRIC.Dimensions, ...fields }];
    await client.send(new PutMetricDataCommand({ Namespace: METRIC.Namespace, MetricData }));
  }

  return {
    account,
    client,
    datum,
    alarm: async () => (await client.send(new DescribeAlarmsCommand({ AlarmNames: ['lag'] }))).MetricAlarms![0]!,
    async history(fields: object = {}) {
      const input = { AlarmName: 'lag', ScanBy: 'TimestampAscending' as const, ...fields };
      const { AlarmHistoryItems } = await client.send(new DescribeAlarmHistoryCommand(input));
      return AlarmHistoryItems!.map(({ Timestamp, HistorySummary }) => [
        (Timestamp!.getTime() - NOW) / MINUTE,
        HistorySummary,
      ]);
    },
    async statistics(fields: object = {}) {
      const input = {
        ...METRIC,
        StartTime: new Date(NOW - 10 * MINUTE),
        EndTime: new Date(NOW),
        Period: 300,
        Statistics: ['Sum' as const, 'Minimum' as const, 'Maximum' as const, 'SampleCount' as const],
        ...fields,
      };
      return (await client.send(new GetMetricStatisticsCommand(input))).Datapoints!;
    },
  };
}

async function openWithAlarm(fields: Partial<PutMetricAlarmInput> = {}) {
  const opened = open();
  await opened.client.send(new PutMetricAlarmCommand({ ...ALARM, ...fields }));
  return opened;
}

describe('metric data', () => {
  it('is added up by period, whichever way it comes', async () => {
    const { datum, statistics } = open();
    const at = (minutes: number): Date => new Date(NOW - minutes * MINUTE);
    await datum({ Timestamp: at(9), Value: 5 });
    await datum({ Timestamp: at(8), Values: [1, 2], Counts: [3, 1] });
    await datum({ Timestamp: at(1), StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 6 } });

    expect(await statistics()).toEqual([
      { Timestamp: at(10), Sum: 10, Minimum: 1, Maximum: 5, SampleCount: 5 },
      { Timestamp: at(5), Sum: 10, Minimum: 1, Maximum: 6, SampleCount: 4 },
    ]);
  });

  it('of different units stays apart where a unit is asked for', async () => {
    const { datum, statistics } = open();
    const Timestamp = new Date(NOW - MINUTE);
    await datum({ Timestamp, Value: 5, Unit: 'Seconds' });
    await datum({ Timestamp, Value: 7, Unit: 'Count' });

    expect((await statistics({ Unit: 'Count' }))[0]).toMatchObject({ Sum: 7, Unit: 'Count' });
    expect((await statistics())[0]).toMatchObject({ Sum: 12 });
    expect(await statistics({ Unit: 'Bytes' })).toEqual([]);
  });

  it.each<[string, Partial<MetricDatum>, string]>([
    ['no value', {}, 'InvalidParameterCombinationException'],
    ['two kinds of value', { Value: 1, Values: [1] }, 'InvalidParameterCombinationException'],
    ['an old time stamp', { Value: 1, Timestamp: new Date(NOW - 15 * DAY) }, 'InvalidParameterValueException'],
    ['a time stamp ahead', { Value: 1, Timestamp: new Date(NOW + 121 * MINUTE) }, 'InvalidParameterValueException'],
    ['a value without end', { Value: Number.POSITIVE_INFINITY }, 'InvalidParameterValueException'],
    ['values without their counts', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValueException'],
    ['a unit that is none', { Value: 1, Unit: 'Hours' as 'Seconds' }, 'InvalidParameterValueException'],
    ['an empty dimension', { Value: 1, Dimensions: [{ Name: 'a', Value: '' }] }, 'InvalidParameterValueException'],
  ])('is refused with %s', async (_what, fields, name) => {
    const { client, datum } = open();

    expect((await errorOf(datum(fields))).name).toBe(name);
    expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
  });

  it('is listed as metrics, found by dimension, and ages out', async () => {
    const { account, client, datum } = open();
    await datum({ Value: 1 });
    await datum({ Value: 1, Dimensions: [] });
    const list = async (fields: object) => (await client.send(new ListMetricsCommand(fields))).Metrics!.length;

    expect(await list({ Namespace: 'trueup', MetricName: 'failures' })).toBe(2);
    expect(await list({ Dimensions: [{ Name: 'zone' }] })).toBe(1);
    expect(await list({ Dimensions: [{ Name: 'zone', Value: 'other' }] })).toBe(0);
    await account.advance(4 * 60 * MINUTE);
    expect(await list({ RecentlyActive: 'PT3H' })).toBe(0);
    await account.advance(15 * DAY);
    expect(await list({})).toBe(0);
  });

  it('is refused when it would be too much to show', async () => {
    const { statistics } = open();
    const wide = statistics({ StartTime: new Date(NOW - 2 * DAY), Period: 60 });

    expect((await errorOf(wide)).name).toBe('InvalidParameterCombinationException');
    expect((await errorOf(statistics({ Period: 61 }))).name).toBe('InvalidParameterValueException');
  });
});

describe('PutMetricAlarm', () => {
  it('makes an alarm that knows nothing yet', async () => {
    const { alarm } = await openWithAlarm({ Tags: [{ Key: 'a', Value: '1' }] });

    expect(await alarm()).toMatchObject({
      ...METRIC,
      AlarmName: 'lag',
      AlarmArn: ARN,
      ActionsEnabled: true,
      OKActions: [],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: new Date(NOW),
    });
  });

  it('overwrites all but state and tags', async () => {
    const { client, alarm } = await openWithAlarm({ AlarmDescription: 'old', Tags: [{ Key: 'a', Value: '1' }] });
    await client.send(new SetAlarmStateCommand({ AlarmName: 'lag', StateValue: 'OK', StateReason: 'by hand' }));

    const { TreatMissingData: _gone, ...rest } = ALARM;
    await client.send(new PutMetricAlarmCommand({ ...rest, AlarmActions: [], Tags: [{ Key: 'b', Value: '2' }] }));

    const found = await alarm();
    expect(found).toMatchObject({ StateValue: 'OK', AlarmActions: [] });
    expect([found.AlarmDescription, found.TreatMissingData]).toEqual([undefined, undefined]);
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
    expect(Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it.each<[string, Partial<PutMetricAlarmInput>, string]>([
    ['no name', { AlarmName: '' }, 'ValidationError'],
    ['a name of 256 characters', { AlarmName: 'x'.repeat(256) }, 'ValidationError'],
    ['no metric', { MetricName: undefined }, 'ValidationError'],
    ['no statistic', { Statistic: undefined }, 'ValidationError'],
    ['no threshold', { Threshold: undefined }, 'ValidationError'],
    ['a period of 61 s', { Period: 61 }, 'ValidationError'],
    ['more than a day', { Period: 300, EvaluationPeriods: 289 }, 'ValidationError'],
    ['no evaluation periods', { EvaluationPeriods: 0 }, 'ValidationError'],
    ['a topic of another region', { AlarmActions: [TOPIC.replace('eu-west-1', 'us-east-1')] }, 'ValidationError'],
    ['more datapoints than periods', { DatapointsToAlarm: 2 }, 'ValidationError'],
    ['another operator', { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'ValidationError'],
    ['another treatment', { TreatMissingData: 'good' }, 'ValidationError'],
    ['six actions', { OKActions: Array.from({ length: 6 }, () => TOPIC) }, 'ValidationError'],
    ['an action that is no ARN', { OKActions: ['mail'] }, 'ValidationError'],
    ['a reserved tag', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'ValidationError'],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99' }, 'NotEmbedded'],
    ['an expression', { Metrics: [{ Id: 'a', Expression: '1' }] }, 'NotEmbedded'],
    ['a period of 10 s', { Period: 10 }, 'NotEmbedded'],
  ])('refuses %s', async (_what, fields, name) => {
    const { client } = open();

    expect((await errorOf(client.send(new PutMetricAlarmCommand({ ...ALARM, ...fields })))).name).toBe(name);
    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });
});

describe('alarms', () => {
  it('are listed by prefix, state and action, page by page', async () => {
    const { client } = open();
    for (const AlarmName of ['b-2', 'a-1', 'b-1', 'b-3']) {
      await client.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName }));
    }
    await client.send(new SetAlarmStateCommand({ AlarmName: 'b-3', StateValue: 'ALARM', StateReason: '' }));
    const list = async (fields: object) => {
      const page = await client.send(new DescribeAlarmsCommand(fields));
      return { names: page.MetricAlarms!.map(({ AlarmName }) => AlarmName), next: page.NextToken };
    };

    const first = await list({ AlarmNamePrefix: 'b-', MaxRecords: 2 });
    expect(first.names).toEqual(['b-1', 'b-2']);
    const second = await list({ AlarmNamePrefix: 'b-', MaxRecords: 2, NextToken: first.next });
    expect(second).toEqual({ names: ['b-3'], next: undefined });
    expect((await list({ StateValue: 'ALARM' })).names).toEqual(['b-3']);
    expect((await list({ ActionPrefix: 'arn:aws:lambda' })).names).toEqual([]);
    expect((await list({ AlarmNames: ['a-1', 'unknown'] })).names).toEqual(['a-1']);
    expect((await errorOf(list({ AlarmNames: ['a-1'], AlarmNamePrefix: 'b' }))).name).toBe('ValidationError');
    expect((await errorOf(list({ NextToken: 'x' }))).name).toBe('InvalidNextToken');
  });

  it('are deleted all or none, and leave their history', async () => {
    const { client, history } = await openWithAlarm();

    const error = await errorOf(client.send(new DeleteAlarmsCommand({ AlarmNames: ['lag', 'unknown'] })));
    expect(error).toBeInstanceOf(ResourceNotFound);
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['lag'] }));

    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
    expect((await history()).map(([, summary]) => summary)).toEqual(['Alarm "lag" created', 'Alarm "lag" deleted']);
  });

  it('carry tags', async () => {
    const { client } = await openWithAlarm({ Tags: [{ Key: 'a', Value: '1' }] });
    await client.send(new TagResourceCommand({ ResourceARN: ARN, Tags: [{ Key: 'b', Value: '2' }] }));
    await client.send(new UntagResourceCommand({ ResourceARN: ARN, TagKeys: ['a'] }));

    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const unknown = client.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}x` }));
    expect((await errorOf(unknown)).name).toBe('ResourceNotFoundException');
  });
});

describe('judging by the clock', () => {
  it('sees a spike in the minute after it, and its end, though the clock turns by a day', async () => {
    const { account, datum, alarm, history } = await openWithAlarm({ OKActions: [TOPIC] });
    await account.advance(5 * MINUTE);
    await datum({ Value: 1 });

    await account.advance(DAY);

    const failed = (action: string): string =>
      `Failed to execute action ${action}. Received error: "The embedded account delivers no notifications."`;
    expect(await history()).toEqual([
      [0, 'Alarm "lag" created'],
      [1, 'Alarm updated from INSUFFICIENT_DATA to OK'],
      [1, failed(TOPIC)],
      [6, 'Alarm updated from OK to ALARM'],
      [6, failed(TOPIC)],
      [9, 'Alarm updated from ALARM to OK'],
      [9, failed(TOPIC)],
    ]);
    expect(await alarm()).toMatchObject({
      StateValue: 'OK',
      StateUpdatedTimestamp: new Date(NOW + 9 * MINUTE),
      StateReason: expect.stringContaining('no datapoints were received for 1 period'),
    });
    expect(JSON.parse((await alarm()).StateReasonData!)).toMatchObject({ threshold: 0, statistic: 'Sum', period: 60 });
  });

  it('is the same in one turn of the clock and in many', async () => {
    const runs = await Promise.all(
      [[90], Array.from({ length: 90 }, () => 1), [7, 11, 30, 42]].map(async (steps) => {
        const { account, datum, history } = await openWithAlarm({
          Period: 300,
          EvaluationPeriods: 3,
          DatapointsToAlarm: 2,
        });
        await datum({ Value: 1 });
        await datum({ Value: 1, Timestamp: new Date(NOW + 11 * MINUTE) });
        await datum({ Value: 0, Timestamp: new Date(NOW + 40 * MINUTE) });
        for (const minutes of steps) await account.advance(minutes * MINUTE);
        return history({ HistoryItemType: 'StateUpdate' });
      }),
    );

    expect(runs[0]!.length).toBeGreaterThan(2);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('watches one metric, its dimensions and its unit', async () => {
    const { account, datum, alarm } = await openWithAlarm({ Unit: 'Count' });
    await datum({ Value: 1, Dimensions: [], Unit: 'Count' });
    await datum({ Value: 1, Unit: 'Seconds' });
    await account.advance(MINUTE);
    expect((await alarm()).StateValue).toBe('OK');

    await datum({ Value: 1, Unit: 'Count' });
    await account.advance(MINUTE);
    expect((await alarm()).StateValue).toBe('ALARM');
  });

  it('ends a state that was set by hand', async () => {
    const { account, client, alarm, history } = await openWithAlarm();
    await account.advance(MINUTE);

    await client.send(new SetAlarmStateCommand({ AlarmName: 'lag', StateValue: 'ALARM', StateReason: 'a test' }));
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'a test' });
    await account.advance(MINUTE);

    expect((await alarm()).StateValue).toBe('OK');
    expect(await history({ HistoryItemType: 'StateUpdate' })).toEqual([
      [1, 'Alarm updated from INSUFFICIENT_DATA to OK'],
      [1, 'Alarm updated from OK to ALARM'],
      [2, 'Alarm updated from ALARM to OK'],
    ]);
  });

  it('takes no action while actions are disabled', async () => {
    const { account, client, datum, history } = await openWithAlarm();
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['lag', 'unknown'] }));
    await datum({ Value: 1 });
    await account.advance(MINUTE);
    expect(await history({ HistoryItemType: 'Action' })).toEqual([]);

    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ['lag'] }));
    await account.advance(10 * MINUTE);
    await datum({ Value: 1 });
    await account.advance(MINUTE);
    expect(await history({ HistoryItemType: 'Action' })).toHaveLength(1);
  });

  it('says that data is missing where that is how it is to be treated', async () => {
    const { account, datum, alarm } = await openWithAlarm({ TreatMissingData: undefined });
    await datum({ Value: 0 });
    await account.advance(MINUTE);
    expect((await alarm()).StateValue).toBe('OK');
    await account.advance(DAY);

    expect(await alarm()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 1 datapoint was unknown.',
      StateUpdatedTimestamp: new Date(NOW + 4 * MINUTE),
    });
  });

  it('goes on in another process: metrics, alarms and what was judged are in the file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-alarms-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const reopen = () => {
      const account = openEmbedded(join(directory, 'embedded.json'), { now: () => NOW });
      return { account, client: account.client(CloudWatchClient, { region: 'eu-west-1' }) };
    };
    const first = reopen();
    const MetricData = [{ MetricName: METRIC.MetricName, Dimensions: METRIC.Dimensions, Value: 1 }];
    await first.client.send(new PutMetricAlarmCommand(ALARM));
    await first.client.send(new PutMetricDataCommand({ Namespace: METRIC.Namespace, MetricData }));
    first.account.close();

    const second = reopen();
    await second.account.advance(MINUTE);
    second.account.close();

    const third = reopen();
    const { MetricAlarms } = await third.client.send(new DescribeAlarmsCommand({}));
    third.account.close();
    expect(MetricAlarms).toMatchObject([{ StateValue: 'ALARM', StateUpdatedTimestamp: new Date(NOW + MINUTE) }]);
  });

  it('forgets history after thirty days', async () => {
    const { account, history } = await openWithAlarm();
    await account.advance(DAY);
    expect(await history()).toHaveLength(2);
    await account.advance(30 * DAY);
    expect(await history()).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['of an unknown alarm', { AlarmName: 'unknown' }, 'ResourceNotFound'],
    ['that is none', { StateValue: 'RED' }, 'ValidationError'],
    ['with data that is not JSON', { StateReasonData: '{' }, 'InvalidFormatFault'],
  ])('a state is not set by hand %s', async (_what, fields, name) => {
    const { client } = await openWithAlarm();
    const input = { AlarmName: 'lag', StateValue: 'OK' as const, StateReason: '', ...fields };

    expect((await errorOf(client.send(new SetAlarmStateCommand(input)))).name).toBe(name);
  });
});
