import { expect, it } from 'vitest';
import { valueText } from './value-text.ts';

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
