import type {
  Datapoint,
  DimensionFilter,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  MetricDatum,
  PutMetricDataInput,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { listDimensions, readDimensions } from './dimensions.ts';
import { invalidCombination, invalidNextToken, invalidValue, missingParameter } from './errors.ts';
import { MINUTE_MS, aggregate, isRecent, metricKey, metrics, recordMetric, recordStatistics } from './metrics.ts';
import type { StatisticSet } from './metrics.ts';
import { isUnit } from './units.ts';

/** PutMetricData: metrics of a request, values of a metric, range of a value. */
const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_VALUE = 2 ** 360;
/** ListMetrics: up to 500 results a call. */
const METRICS_PAGE = 500;
/** GetMetricStatistics: "The maximum number of data points returned from a single call is 1,440." */
const MAX_DATAPOINTS = 1440;

export function putMetricData(input: PutMetricDataInput, context: CallContext): object {
  const namespace = input.Namespace ?? '';
  if (namespace === '' || namespace.length > 255)
    throw invalidValue('The parameter Namespace must have 1 to 255 characters.');
  if (namespace.startsWith('AWS/')) throw invalidValue('The parameter Namespace must not begin with AWS/.');
  if ((input.EntityMetricData?.length ?? 0) > 0) throw notEmbedded('PutMetricData with EntityMetricData');
  const data = input.MetricData ?? [];
  if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
  if (data.length > MAX_DATA) throw invalidValue(`MetricData must have at most ${MAX_DATA} members.`);
  for (const datum of data) putDatum(datum, namespace, context);
  return {};
}

function putDatum(datum: MetricDatum, namespace: string, context: CallContext): void {
  const { caller, region, now, data } = context;
  const { MetricName: name = '', Unit: unit = 'None', Value, Values, Counts, StatisticValues: set } = datum;
  if (name === '' || name.length > 255) throw invalidValue('The parameter MetricName must have 1 to 255 characters.');
  if (!isUnit(unit)) throw invalidValue(`The parameter Unit is not valid: ${String(unit)}`);
  if ([Value, Values, set].filter((given) => given !== undefined).length !== 1) {
    throw invalidCombination('Specify exactly one of Value, Values and StatisticValues.');
  }
  const timestamp = datum.Timestamp?.getTime() ?? now;
  if (!isRecent(timestamp, now)) {
    throw invalidValue('The parameter Timestamp must be within two weeks before and two hours after now.');
  }
  const point = { namespace, name, unit, timestamp, dimensions: readDimensions(datum.Dimensions) };
  const ledger = { account: caller.account, region, now, data };
  if (Value !== undefined) recordMetric({ ...point, values: [checkNumber(Value)] }, ledger);
  else if (set !== undefined) recordStatistics(point, readSet(set), ledger);
  else for (const added of weighed(Values ?? [], Counts)) recordStatistics(point, added, ledger);
}

function readSet(set: NonNullable<MetricDatum['StatisticValues']>): StatisticSet {
  const count = checkNumber(set.SampleCount);
  if (count <= 0) throw invalidValue('The parameter SampleCount must be more than 0.');
  return { count, sum: checkNumber(set.Sum), min: checkNumber(set.Minimum), max: checkNumber(set.Maximum) };
}

function weighed(values: readonly number[], counts: readonly number[] | undefined): readonly StatisticSet[] {
  if (values.length === 0 || values.length > MAX_VALUES)
    throw invalidValue(`Values must have 1 to ${MAX_VALUES} members.`);
  if (counts !== undefined && counts.length !== values.length) {
    throw invalidValue('Values and Counts must have the same number of members.');
  }
  return values.map((value, index) => {
    const count = counts?.[index] ?? 1;
    return { count, sum: checkNumber(value) * count, min: value, max: value };
  });
}

function checkNumber(value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value) && Math.abs(value) <= MAX_VALUE) return value;
  throw invalidValue(`The value ${value} is not a number from -2^360 to 2^360.`);
}

const THREE_HOURS_MS = 3 * 60 * MINUTE_MS;

export function listMetrics(input: ListMetricsInput, { caller, region, now, data }: CallContext): ListMetricsOutput {
  if (input.IncludeLinkedAccounts === true) throw notEmbedded('metrics of linked accounts');
  const found = [...data.entries(metrics)]
    .map(([, metric]) => metric)
    .filter(({ account, region: place }) => account === caller.account && place === region)
    .filter(
      ({ namespace, name }) => namespace === (input.Namespace ?? namespace) && name === (input.MetricName ?? name),
    )
    .filter(({ dimensions }) => (input.Dimensions ?? []).every((filter) => hasDimension(dimensions, filter)))
    .filter(({ newest }) => input.RecentlyActive === undefined || newest >= now - THREE_HOURS_MS);
  const page = { token: input.NextToken, size: METRICS_PAGE };
  const { items, next } = pageOf(found, metricKey, page, invalidNextToken);
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: listDimensions(dimensions),
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}

function hasDimension(dimensions: Readonly<Record<string, string>>, { Name = '', Value }: DimensionFilter): boolean {
  const found = Object.hasOwn(dimensions, Name) ? dimensions[Name] : undefined;
  return found !== undefined && (Value === undefined || Value === found);
}

/** Data points by period from StartTime (inclusive) to EndTime (exclusive), oldest first. */
export function getMetricStatistics(input: GetMetricStatisticsInput, context: CallContext): GetMetricStatisticsOutput {
  const { Period: period = 0, Statistics: statistics = [], Unit: unit } = input;
  if (input.ExtendedStatistics !== undefined) throw notEmbedded('percentiles of metrics');
  if (statistics.length === 0) throw missingParameter('The parameter Statistics is required.');
  if (period < 60 || period % 60 !== 0) throw invalidValue('The parameter Period must be a multiple of 60.');
  const start = Math.floor((input.StartTime?.getTime() ?? 0) / MINUTE_MS) * MINUTE_MS;
  const end = input.EndTime?.getTime() ?? 0;
  if (start >= end) throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.');
  const count = Math.ceil((end - start) / (period * 1000));
  if (count > MAX_DATAPOINTS) {
    throw invalidCombination(
      `You have requested up to ${count} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. ` +
        'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    );
  }
  const metric = metricKey({
    account: context.caller.account,
    region: context.region,
    namespace: input.Namespace ?? '',
    name: input.MetricName ?? '',
    dimensions: readDimensions(input.Dimensions),
  });
  const points = Array.from({ length: count }, (_, index) => start + index * period * 1000).flatMap(
    (from): Datapoint[] => {
      const set = aggregate(metric, [from, Math.min(from + period * 1000, end)], unit, context.data);
      if (set === undefined) return [];
      const values = statistics.map((statistic) => [statistic, statisticOf(set, statistic)]);
      return [{ Timestamp: new Date(from), ...Object.fromEntries(values), ...(unit !== undefined && { Unit: unit }) }];
    },
  );
  return { Label: input.MetricName ?? '', Datapoints: points };
}

export function statisticOf(set: StatisticSet, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return set.count;
    case 'Sum':
      return set.sum;
    case 'Average':
      return set.sum / set.count;
    case 'Minimum':
      return set.min;
    case 'Maximum':
      return set.max;
    default:
      throw invalidValue(`The parameter Statistic is not valid: ${String(statistic)}`);
  }
}
