import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { SimpleOperator } from './alarm-model.ts';
import { weigh } from './judge.ts';
import type { Reading, RealReading, Rules } from './judge.ts';

const WORDS: Readonly<Record<SimpleOperator, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** Why an alarm came into a state, in CloudWatch's words. */
export function reasonFor(value: StateValue, rules: Rules, readings: readonly Reading[]): string {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods } = rules;
  const { real, breaching, missing } = weigh(rules, readings);
  if (value === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${plural(periods, 'datapoint')} ${wereOf(periods)} unknown.`;
  }
  if (real.length === 0) {
    const treated = rules.TreatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return (
      `Threshold Crossed: no datapoints were received for ${plural(periods, 'period')} and ` +
      `${plural(missing, 'missing datapoint')} ${wereOf(missing)} treated as [${treated}].`
    );
  }
  const threshold = `${WORDS[rules.ComparisonOperator]} the threshold (${decimal(rules.Threshold)})`;
  if (value === 'OK') {
    const shown = real.filter((reading) => !breaching.includes(reading));
    const count = plural(shown.length, 'datapoint');
    return `Threshold Crossed: ${count} ${list(shown)} ${wereOf(shown.length)} not ${threshold}.`;
  }
  return (
    `Threshold Crossed: ${breaching.length} out of the last ${periods} datapoints ${list(breaching)} ` +
    `${wereOf(breaching.length)} ${threshold} ` +
    `(minimum ${plural(needed, 'datapoint')} for OK -> ALARM transition).`
  );
}

function wereOf(count: number): string {
  return count === 1 ? 'was' : 'were';
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
