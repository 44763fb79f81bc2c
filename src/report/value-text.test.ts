import { expect, it } from 'vitest';
import { differingTexts, valueText } from './value-text.ts';

it.each([
  [null, '(none)'],
  [undefined, '(none)'],
  [true, 'true'],
  [256, '256'],
  ['plain text, with a comma', 'plain text, with a comma'],
  ['', '""'],
  [' padded', '" padded"'],
  [['ec2:StartInstances', 'ec2:StopInstances'], '[ec2:StartInstances, ec2:StopInstances]'],
  [['a, b', ''], '["a, b", ""]'],
  [{ Comment: 'x', Nested: { n: 1 } }, '{ Comment: x, Nested: { n: 1 } }'],
  [{}, '{}'],
  [{ $get: ['zone', 'Id'] }, '(known after apply)'],
  [{ $join: ['arn:', { $get: ['zone', 'Id'] }] }, '(known after apply)'],
])('%j reads %s', (value, text) => {
  expect(valueText(value)).toBe(text);
});

it('T28 a secret is named, never shown', () => {
  expect(valueText({ Environment: { TOKEN: { secret: true } } })).toBe('{ Environment: { TOKEN: (secret) } }');
});

it.each([
  [{ rate: 1, burst: 2 }, { rate: 1, burst: 3 }, '{ …, burst: 2 }', '{ …, burst: 3 }'],
  [{ rate: 1, burst: 2 }, { burst: 2, rate: 1 }, '{ … }', '{ … }'],
  [
    { 'POST /x': { rate: 1, burst: 2 } },
    { 'POST /x': { rate: 9, burst: 2 } },
    '{ POST /x: { …, rate: 1 } }',
    '{ POST /x: { …, rate: 9 } }',
  ],
  [{ rate: 1 }, { rate: 1, burst: 3 }, '{ … }', '{ …, burst: 3 }'],
  [{ list: [1, 2], rate: 1 }, { list: [1, 3], rate: 1 }, '{ …, list: [1, 2] }', '{ …, list: [1, 3] }'],
  [null, { rate: 1 }, '(none)', '{ rate: 1 }'],
  ['a', 'b', 'a', 'b'],
])('of %j and %j only what differs is shown where a line cannot hold them', (one, other, before, after) => {
  expect(differingTexts(one, other)).toEqual([before, after]);
});

it('T28 of two records that differ by a secret it is named, and neither shown', () => {
  const other = { TOKEN: { secret: true }, A: 1 };
  expect(differingTexts({ TOKEN: 'x', A: 1 }, other)).toEqual(['{ …, TOKEN: x }', '{ …, TOKEN: (secret) }']);
});
