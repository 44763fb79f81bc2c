import { describe, expect, it } from 'vitest';
import { metricsIn } from './emf.ts';

const DIRECTIVE = {
  Namespace: 'trueup',
  Dimensions: [['zone']],
  Metrics: [{ Name: 'lag', Unit: 'Seconds' }],
};

function line(fields: object = {}, directive: object = {}, metadata: object = {}): string {
  return JSON.stringify({
    _aws: { Timestamp: 1_000_000, CloudWatchMetrics: [{ ...DIRECTIVE, ...directive }], ...metadata },
    zone: 'corp',
    lag: 3,
    ...fields,
  });
}

describe('embedded metric format', () => {
  it('gives a metric for a log line', () => {
    expect(metricsIn(line())).toEqual([
      {
        namespace: 'trueup',
        name: 'lag',
        unit: 'Seconds',
        values: [3],
        timestamp: 1_000_000,
        dimensions: { zone: 'corp' },
      },
    ]);
  });

  it('gives one for every directive, dimension set and definition', () => {
    const CloudWatchMetrics = [
      { ...DIRECTIVE, Dimensions: [[], ['zone'], ['zone', 'kind']], Metrics: [{ Name: 'lag' }, { Name: 'records' }] },
      { ...DIRECTIVE, Namespace: 'other' },
    ];

    const found = metricsIn(line({ kind: 'mirror', records: [1, 2] }, {}, { CloudWatchMetrics }));

    expect(found.map(({ namespace, name, dimensions }) => [namespace, name, Object.keys(dimensions).join()])).toEqual([
      ['trueup', 'lag', ''],
      ['trueup', 'records', ''],
      ['trueup', 'lag', 'zone'],
      ['trueup', 'records', 'zone'],
      ['trueup', 'lag', 'zone,kind'],
      ['trueup', 'records', 'zone,kind'],
      ['other', 'lag', 'zone'],
    ]);
    expect(found[1]).toMatchObject({ values: [1, 2], unit: 'None' });
  });

  it.each([
    ['a line that is no JSON', `${line()} `.replace('}', '')],
    ['text behind the JSON', `${line()} x`],
    ['JSON without metadata', '{"_aws_": 1, "_aws": 1}'],
    ['no time stamp', line({}, {}, { Timestamp: undefined })],
    ['a time stamp in words', line({}, {}, { Timestamp: '2026' })],
    ['no namespace', line({}, { Namespace: undefined })],
    ['no dimension set', line({}, { Dimensions: [] })],
    ['no list of dimension sets', line({}, { Dimensions: ['zone'] })],
    ['a dimension without a value', line({}, { Dimensions: [['other']] })],
    ['a dimension that is a number', line({ zone: 7 })],
    ['31 dimensions', line({}, { Dimensions: [Array.from({ length: 31 }, () => 'zone')] })],
    ['a metric without a value', line({}, { Metrics: [{ Name: 'other' }] })],
    ['a metric that is text', line({ lag: '3' })],
    ['a number without end', line({ lag: 0 }).replace('"lag":0', '"lag":1e999')],
    ['text among the values', line({ lag: [1, '2'] })],
    ['101 values', line({ lag: Array.from({ length: 101 }, () => 1) })],
    ['101 metrics', line({}, { Metrics: Array.from({ length: 101 }, () => ({ Name: 'lag' })) })],
    ['a unit that is none', line({}, { Metrics: [{ Name: 'lag', Unit: 'Hours' }] })],
    ['a resolution of 5 seconds', line({}, { Metrics: [{ Name: 'lag', StorageResolution: 5 }] })],
  ])('makes no metric of %s', (_what, message) => {
    expect(metricsIn(message)).toEqual([]);
  });
});
