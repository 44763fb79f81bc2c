import { describe, expect, it } from 'vitest';
import { parseSize } from './size.ts';

describe('parseSize', () => {
  it.each([
    ['0B', 0],
    ['1B', 1],
    ['5KB', 5_000],
    ['5KiB', 5_120],
    ['50GB', 50_000_000_000],
    ['5GiB', 5 * 1024 ** 3],
    ['50TB', 50_000_000_000_000],
    ['8191TiB', 8191 * 1024 ** 4],
  ])('%s is %d octets', (text, octets) => {
    expect(parseSize(text)).toBe(octets);
  });

  it.each(['', '5', 'B', '5iB', '5 GB', '05GB', '5gb', '5GBs', '1.5GB', '-1B', '5GB\n', '9999999999B', '9000TiB'])(
    '%j is no size',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );
});
