import type { StandardUnit } from '@aws-sdk/client-cloudwatch';

/** MetricDatum, Unit: "Seconds | Microseconds | … | None". */
const UNITS: ReadonlySet<string> = new Set<StandardUnit>([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Count',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
  'None',
]);

export function isUnit(value: unknown): value is StandardUnit {
  return typeof value === 'string' && UNITS.has(value);
}
