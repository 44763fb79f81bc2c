import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/embedded-zone.ts';
import { openTestFunctions, REGION, START } from '../support/lambda.ts';

const HOOK = "globalThis[Symbol.for('trueup.embedded')]";
const MINUTE = 60_000;
const DIMENSIONS = [{ Name: 'FunctionName', Value: 'f' }];
const ERRORS = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: DIMENSIONS };

function handler(body: string): string {
  return `export const handler = async (event) => { ${body} };`;
}

function open() {
  const functions = openTestFunctions();
  const client = functions.account.client(CloudWatchClient, REGION);
  return {
    ...functions,
    cloudwatch: client,
    /** Minute after the start, how many values and their sum, of every minute with data. */
    async values(MetricName: string) {
      const { Datapoints } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: DIMENSIONS,
          StartTime: new Date(START - 10 * MINUTE),
          EndTime: new Date(START + 60 * MINUTE),
          Period: 60,
          Statistics: ['Sum', 'SampleCount'],
        }),
      );
      return Datapoints!
        .map(({ Timestamp, SampleCount, Sum }) => [(Timestamp!.getTime() - START) / MINUTE, SampleCount, Sum])
        .toSorted(([left], [right]) => left! - right!);
    },
  };
}

const SPINS = handler('for (;;);');

describe('metrics of a function', () => {
  it.each([
    ['returns', 0, handler('return 1;')],
    ['throws', 1, handler('throw new Error("no");')],
    ['times out', 1, SPINS],
    ['runs out of memory', 1, handler('const all = []; for (;;) all.push(new Array(100000).fill(all.length));')],
    ['exits', 1, handler('process.exit(0);')],
    ['does not start', 1, 'throw new Error("at init");'],
    ['answers too much', 1, handler('return "x".repeat(6_291_600);')],
  ])('that %s: %i errors of one invocation, with nothing in the trail', async (_what, errors, source) => {
    const { account, create, invoke, values, cloudwatch } = open();
    await create('f', source, { Timeout: source === SPINS ? 1 : 20, MemorySize: 128 });
    const before = account.events().length;

    await invoke('f');

    expect(account.events().length).toBe(before);
    // Made at 0, invoked at 1.
    expect(await values('Invocations')).toEqual([[1, 1, 1]]);
    expect(await values('Errors')).toEqual([[1, 1, errors]]);
    expect(await values('Throttles')).toEqual([[1, 1, 0]]);
    const [[, , duration]] = (await values('Duration')) as [[number, number, number]];
    expect(duration).toBeGreaterThanOrEqual(0);
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({}));
    expect(Metrics).toHaveLength(4);
  });

  it('that times out: its duration is the limit', async () => {
    const { create, invoke, values } = open();
    await create('f', handler('await new Promise(() => {});'), { Timeout: 1 });

    await invoke('f');

    expect(await values('Duration')).toEqual([[1, 1, 1000]]);
  });

  it('that is throttled: neither an invocation nor an error', async () => {
    const { client, create, invoke, values } = open();
    await create('f', handler('return 1;'));
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }));

    expect((await errorOf(invoke('f'))).name).toBe('TooManyRequestsException');

    expect(await values('Throttles')).toEqual([[1, 1, 1]]);
    expect(await values('Invocations')).toEqual([]);
    expect(await values('Errors')).toEqual([]);
  });

  it('have every try of an event, when it began', async () => {
    const { account, client, create, values } = open();
    await create('f', handler(`await ${HOOK}.sleep(60_000); throw new Error("no");`), { Timeout: 300 });

    await client.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event' }));
    await account.settled();

    // Each takes a minute; a minute and two minutes lie between them.
    const tries = [1, 3, 6].map((minute) => [minute, 1, 1]);
    expect(await values('Invocations')).toEqual(tries);
    expect(await values('Errors')).toEqual(tries);
  });

  it('come when the function has ended, for the minute in which it began: a short look misses them', async () => {
    const { account, cloudwatch, create, invoke } = open();
    await create('f', handler(`if (event.slow) await ${HOOK}.sleep(900_000);`), { Timeout: 900 });
    for (const EvaluationPeriods of [1, 12, 18]) {
      const judged = { Period: 60, EvaluationPeriods, DatapointsToAlarm: 1, Threshold: 1, TreatMissingData: 'ignore' };
      const ComparisonOperator = 'GreaterThanOrEqualToThreshold';
      const AlarmName = `within ${EvaluationPeriods}`;
      await cloudwatch.send(
        new PutMetricAlarmCommand({ ...ERRORS, ...judged, AlarmName, ComparisonOperator, Statistic: 'Sum' }),
      );
    }
    const states = async () => {
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
      return Object.fromEntries(MetricAlarms!.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
    };

    await invoke('f');
    await account.advance(MINUTE);
    expect(await states()).toEqual({ 'within 1': 'OK', 'within 12': 'OK', 'within 18': 'OK' });

    expect((await invoke('f', { slow: true })).functionError).toBe('Unhandled');
    await account.advance(MINUTE);
    expect(await states()).toEqual({ 'within 1': 'OK', 'within 12': 'OK', 'within 18': 'ALARM' });

    await account.advance(12 * MINUTE);
    await invoke('f');
    await account.advance(10 * MINUTE);
    expect(await states()).toEqual({ 'within 1': 'OK', 'within 12': 'OK', 'within 18': 'OK' });
  });
});
