import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { firstNotBefore, table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';

/** Values of one metric at one moment. */
export interface MetricPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: StandardUnit;
  readonly values: readonly number[];
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** What is known of many values. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export interface StoredMetric {
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The newest moment of its data, milliseconds since the epoch. */
  readonly newest: number;
}

/** Which metric: dimensions in any order. */
export type MetricName = Pick<StoredMetric, 'account' | 'region' | 'namespace' | 'name' | 'dimensions'>;

/** One minute of a metric, by unit. */
type StoredMinute = { readonly [unit in StandardUnit]?: StatisticSet };

export const metrics = table<StoredMetric>('cloudwatch/metrics');

/** Minutes of one metric, in order. */
function minutes(metric: string): Table<StoredMinute> {
  return table(`cloudwatch/minutes ${metric}`);
}

export const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** "Data points with a period of 60 seconds (1 minute) are available for 15 days"; no coarser ones are kept here. */
const KEPT_MS = 15 * DAY_MS;
/** PutMetricData: time stamps up to two weeks before and two hours after now. */
const MAX_AGE_MS = 14 * DAY_MS;
const MAX_AHEAD_MS = 2 * 60 * MINUTE_MS;

const MINUTE_DIGITS = 13;

function minuteKey(moment: number): string {
  return String(Math.max(0, Math.floor(moment / MINUTE_MS) * MINUTE_MS)).padStart(MINUTE_DIGITS, '0');
}

export function metricKey({ account, region, namespace, name, dimensions }: MetricName): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return `${account} ${region} ${JSON.stringify([namespace, name, sorted])}`;
}

/** May a value with this time stamp be written? */
export function isRecent(timestamp: number, now: number): boolean {
  return timestamp >= now - MAX_AGE_MS && timestamp <= now + MAX_AHEAD_MS;
}

export interface Ledger {
  readonly account: string;
  readonly region: string;
  readonly now: number;
  readonly data: Transaction;
}

/** Adds values to a metric; those with a time stamp that is too old or too new are dropped. */
export function recordMetric({ values, ...point }: MetricPoint, ledger: Ledger): void {
  const [first, ...rest] = values.map((value) => ({ count: 1, sum: value, min: value, max: value }));
  if (first !== undefined) recordStatistics(point, rest.reduce(merge, first), ledger);
}

export function recordStatistics(point: Omit<MetricPoint, 'values'>, added: StatisticSet, ledger: Ledger): void {
  const { unit, timestamp, ...name } = point;
  const { account, region, now, data } = ledger;
  if (!isRecent(timestamp, now)) return;
  const metric = { ...name, account, region };
  const key = metricKey(metric);
  const newest = Math.max(timestamp, data.get(metrics, key)?.newest ?? 0);
  data.put(metrics, key, { ...metric, newest });
  const minute = data.get(minutes(key), minuteKey(timestamp)) ?? {};
  const before = minute[unit];
  const after = before === undefined ? added : merge(before, added);
  data.put(minutes(key), minuteKey(timestamp), { ...minute, [unit]: after });
}

function merge(left: StatisticSet, right: StatisticSet): StatisticSet {
  return {
    count: left.count + right.count,
    sum: left.sum + right.sum,
    min: Math.min(left.min, right.min),
    max: Math.max(left.max, right.max),
  };
}

/** What a metric came to from one minute up to another; undefined: it has no data there. */
export function aggregate(
  metric: string,
  [from, to]: readonly [number, number],
  unit: StandardUnit | undefined,
  data: Transaction,
): StatisticSet | undefined {
  const rows = minutes(metric);
  const keys = data.keys(rows);
  let sum: StatisticSet | undefined;
  for (const key of keys.slice(firstNotBefore(keys, minuteKey(from)), firstNotBefore(keys, minuteKey(to)))) {
    const minute = data.get(rows, key) ?? {};
    for (const set of unit === undefined ? Object.values(minute) : [minute[unit]]) {
      if (set !== undefined) sum = sum === undefined ? set : merge(sum, set);
    }
  }
  return sum;
}

/** The first minute with data that does not begin before a moment; undefined: there is none. */
export function nextMinute(metric: string, from: number, data: Transaction): number | undefined {
  const keys = data.keys(minutes(metric));
  const key = keys[firstNotBefore(keys, minuteKey(from))];
  return key === undefined ? undefined : Number(key);
}

/** Drops what is older than metrics are kept, and metrics of which nothing is left. */
export function ageMetrics(now: number, data: Transaction): void {
  const end = minuteKey(now - KEPT_MS);
  for (const [key, metric] of data.entries(metrics)) {
    const keys = data.keys(minutes(key));
    for (const minute of keys.slice(0, firstNotBefore(keys, end))) data.delete(minutes(key), minute);
    if (metric.newest < now - KEPT_MS) data.delete(metrics, key);
  }
}
