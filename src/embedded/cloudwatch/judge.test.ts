import { describe, expect, it } from 'vitest';
import { reasonFor } from './alarm-reason.ts';
import { evaluationRange, judge } from './judge.ts';
import type { Reading } from './judge.ts';

const RULES = {
  EvaluationPeriods: 3,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
} as const;
const AT = Date.parse('2026-11-24T10:00:00Z');

/** `0 - X - X`: not breaching, missing, breaching; the newest last, as in the user guide. */
function readings(text: string): Reading[] {
  return text
    .split(' ')
    .map((mark, index) => ({ at: AT + index * 60_000, value: { X: 1, '0': 0 }[mark] }))
    .reverse();
}

/** CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", both tables; `keep`: retain. */
const TABLE: readonly (readonly [
  datapoints: number,
  text: string,
  missing: string,
  ignore: string,
  breaching: string,
  notBreaching: string,
])[] = [
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - 0', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', 'keep', 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', 'keep', 'ALARM', 'OK'],
];

describe('judging', () => {
  it.each(TABLE)('needs %i of 3: %s', (DatapointsToAlarm, text, ...expected) => {
    const verdicts = ['missing', 'ignore', 'breaching', 'notBreaching'].map(
      (TreatMissingData) => judge({ ...RULES, DatapointsToAlarm, TreatMissingData }, readings(text)) ?? 'keep',
    );

    expect(verdicts).toEqual(expected);
  });

  it('treats missing data as missing by default', () => {
    expect(judge(RULES, readings('- - - - -'))).toBe('INSUFFICIENT_DATA');
  });

  it('waits for more when the only data point breaches and is newer than needed', () => {
    expect(judge(RULES, readings('- - - - X'))).toBeUndefined();
  });

  it.each([
    ['GreaterThanOrEqualToThreshold', [false, true, true]],
    ['GreaterThanThreshold', [false, false, true]],
    ['LessThanThreshold', [true, false, false]],
    ['LessThanOrEqualToThreshold', [true, true, false]],
  ] as const)('%s', (ComparisonOperator, expected) => {
    const verdicts = [4, 5, 6].map((value) =>
      judge({ EvaluationPeriods: 1, Threshold: 5, ComparisonOperator }, [{ at: AT, value }]),
    );

    expect(verdicts.map((verdict) => verdict === 'ALARM')).toEqual(expected);
  });

  it('looks two periods further than it must', () => {
    expect(evaluationRange({ EvaluationPeriods: 3 })).toBe(5);
  });

  it.each([
    [
      'X 0 X',
      { DatapointsToAlarm: 2 },
      'Threshold Crossed: 2 out of the last 3 datapoints [1.0 (24/11/26 10:02:00), 1.0 (24/11/26 10:00:00)] were ' +
        'greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).',
    ],
    [
      '- - 0',
      { TreatMissingData: 'notBreaching' },
      'Threshold Crossed: 1 datapoint [0.0 (24/11/26 10:02:00)] was not greater than or equal to the threshold (1.0).',
    ],
    [
      '- - -',
      { TreatMissingData: 'notBreaching', EvaluationPeriods: 1 },
      'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
    ],
    ['- - -', {}, 'Insufficient Data: 3 datapoints were unknown.'],
  ])('says why: %s', (text, fields, reason) => {
    const rules = { ...RULES, ...fields };
    const value = judge(rules, readings(text))!;

    expect(reasonFor(value, rules, readings(text))).toBe(reason);
  });
});
