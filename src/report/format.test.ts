import { expect, it } from 'vitest';
import { count, duration, instant, plural, shortDigest } from './format.ts';

it.each([
  [0, '0 s'],
  [1_234, '1.2 s'],
  [9_999, '10 s'],
  [45_000, '45 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [3_605_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [532_800_000, '6 d 4 h'],
])('%i ms is %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

it.each([
  [1, '1 batch'],
  [0, '0 batches'],
  [8_412, '8,412 batches'],
])('%i is %s', (value, text) => {
  expect(plural(value, 'batch', 'batches')).toBe(text);
});

it('figures are grouped, digests short, times carry their zone', () => {
  expect(count(1_048_576)).toBe('1,048,576');
  expect(shortDigest('4f2a9c1e7b3d')).toBe('4f2a9c1e');
  expect(instant('2026-11-22T23:14:05.123Z')).toBe('2026-11-22 23:14 UTC');
  expect(instant('yesterday')).toBe('yesterday');
});
