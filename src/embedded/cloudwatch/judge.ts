import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmDefinition, SimpleOperator } from './alarm-model.ts';

/** One data point of an alarm: the statistic over one period, or none. */
export interface Reading {
  /** Begin of the period, milliseconds since the epoch. */
  readonly at: number;
  readonly value: number | undefined;
}

export interface Verdict {
  readonly value: StateValue;
  readonly reason: string;
}

type Rules = Pick<
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

/**
 * The state of an alarm from the readings of its evaluation range, the newest first.
 *
 * @see CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 * @returns undefined: the state stays as it is.
 */
export function judge(rules: Rules, readings: readonly Reading[]): Verdict | undefined {
  const periods = rules.EvaluationPeriods;
  const needed = rules.DatapointsToAlarm ?? periods;
  const real = readings.filter(isReal);
  const judged = real.slice(0, periods);
  const breaching = judged.filter(({ value }) => breaches(value, rules));
  const missing = periods - judged.length;
  const alarm = { value: 'ALARM', reason: reasonOf(rules, judged, breaching, 'ALARM') } as const;
  const fine = { value: 'OK', reason: reasonOf(rules, judged, breaching, 'OK') } as const;
  if (breaching.length >= needed) return alarm;
  if (missing === 0) return fine;
  switch (rules.TreatMissingData) {
    case 'breaching':
      return breaching.length + missing >= needed ? alarm : fine;
    case 'notBreaching':
      return fine;
    case 'ignore':
      return breaching.length < judged.length ? fine : undefined;
    default: {
      if (judged.length === 0) return { value: 'INSUFFICIENT_DATA', reason: insufficient(periods) };
      if (breaching.length < judged.length) return fine;
      return isOldEnough(readings, rules, needed) ? alarm : undefined;
    }
  }
}

/**
 * Only breaching data points are there, and fewer than needed: the alarm goes off when the oldest of them within the
 * evaluation periods is at least as old as DatapointsToAlarm ("Avoiding premature transitions to alarm state").
 */
function isOldEnough(readings: readonly Reading[], rules: Rules, needed: number): boolean {
  return readings.slice(0, rules.EvaluationPeriods).findLastIndex(isReal) + 1 >= needed;
}

interface RealReading extends Reading {
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

const WORDS: Readonly<Record<SimpleOperator, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** In CloudWatch's words. */
function reasonOf(
  rules: Rules,
  judged: readonly RealReading[],
  breaching: readonly RealReading[],
  value: 'ALARM' | 'OK',
): string {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods } = rules;
  const threshold = `${WORDS[rules.ComparisonOperator]} the threshold (${decimal(rules.Threshold)})`;
  const missing = periods - judged.length;
  if (judged.length === 0) {
    const treated = rules.TreatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return (
      `Threshold Crossed: no datapoints were received for ${plural(periods, 'period')} and ` +
      `${plural(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${treated}].`
    );
  }
  if (value === 'OK') {
    const shown = judged.filter((reading) => !breaching.includes(reading));
    const verb = shown.length === 1 ? 'was not' : 'were not';
    return `Threshold Crossed: ${plural(shown.length, 'datapoint')} ${list(shown)} ${verb} ${threshold}.`;
  }
  return (
    `Threshold Crossed: ${breaching.length} out of the last ${periods} datapoints ${list(breaching)} ` +
    `${breaching.length === 1 ? 'was' : 'were'} ${threshold} ` +
    `(minimum ${plural(needed, 'datapoint')} for OK -> ALARM transition).`
  );
}

function insufficient(periods: number): string {
  return `Insufficient Data: ${plural(periods, 'datapoint')} ${periods === 1 ? 'was' : 'were'} unknown.`;
}

function list(readings: readonly RealReading[]): string {
  return `[${readings.map(({ value, at }) => `${decimal(value)} (${when(at)})`).join(', ')}]`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `24/11/26 10:00:00`. */
function when(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
