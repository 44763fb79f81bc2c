import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmDefinition } from './alarm-model.ts';

/** One data point of an alarm: the statistic over one period, or none. */
export interface Reading {
  /** Begin of the period, milliseconds since the epoch. */
  readonly at: number;
  readonly value: number | undefined;
}

/** What an alarm is judged by. */
export type Rules = Pick<
  AlarmDefinition,
  'EvaluationPeriods' | 'DatapointsToAlarm' | 'Threshold' | 'ComparisonOperator' | 'TreatMissingData'
>;

/**
 * "Whenever an alarm evaluates whether to change state, CloudWatch attempts to retrieve a higher number of data points
 * than the number specified as Evaluation Periods": 5 for 3 in the examples of the user guide.
 */
const FURTHER_PERIODS = 2;

/** How many periods an alarm looks at. */
export function evaluationRange({ EvaluationPeriods }: Pick<Rules, 'EvaluationPeriods'>): number {
  return EvaluationPeriods + FURTHER_PERIODS;
}

/** The data points that count, the newest first. */
interface Judged {
  readonly real: readonly RealReading[];
  readonly breaching: readonly RealReading[];
  /** How many of the evaluation periods are left without one. */
  readonly missing: number;
}

/** "CloudWatch evaluates the alarm state based on the most recent real data points that were successfully retrieved." */
export function weigh(rules: Rules, readings: readonly Reading[]): Judged {
  const real = readings.filter(isReal).slice(0, rules.EvaluationPeriods);
  const breaching = real.filter(({ value }) => breaches(value, rules));
  return { real, breaching, missing: rules.EvaluationPeriods - real.length };
}

/**
 * The state of an alarm from the readings of its evaluation range, the newest first.
 *
 * @see CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 * @returns undefined: the state stays as it is.
 */
export function judge(rules: Rules, readings: readonly Reading[]): StateValue | undefined {
  const needed = rules.DatapointsToAlarm ?? rules.EvaluationPeriods;
  const { real, breaching, missing } = weigh(rules, readings);
  if (breaching.length >= needed) return 'ALARM';
  if (missing === 0) return 'OK';
  switch (rules.TreatMissingData) {
    case 'breaching':
      return breaching.length + missing >= needed ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching.length < real.length ? 'OK' : undefined;
    default:
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching.length < real.length) return 'OK';
      return isOldEnough(readings, rules, needed) ? 'ALARM' : undefined;
  }
}

/**
 * Only breaching data points are there, and fewer than needed: the alarm goes off when the oldest of them within the
 * evaluation periods is at least as old as DatapointsToAlarm ("Avoiding premature transitions to alarm state").
 */
function isOldEnough(readings: readonly Reading[], rules: Rules, needed: number): boolean {
  return readings.slice(0, rules.EvaluationPeriods).findLastIndex(isReal) + 1 >= needed;
}

/** A data point that is there. */
export interface RealReading extends Reading {
  readonly value: number;
}

function isReal(reading: Reading): reading is RealReading {
  return reading.value !== undefined;
}

function breaches(value: number, { ComparisonOperator: operator, Threshold: threshold }: Rules): boolean {
  switch (operator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}
