import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['1s', 1],
    ['60s', 60],
    ['5m', 300],
    ['24h', 86_400],
    ['30d', 2_592_000],
    ['9999999s', 9_999_999],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '5', 'm', '0s', '05m', '1.5h', '5 m', '5M', '-5m', '1h30m', '10000000s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
