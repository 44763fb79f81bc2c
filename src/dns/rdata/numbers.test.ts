import { describe, expect, it } from 'vitest';

import { isDuration, packUnsigned, parseDuration, parseUnsigned } from './numbers.ts';

describe('parseDuration', () => {
  it.each([
    { text: '0', seconds: 0 },
    { text: '3600', seconds: 3600 },
    { text: '1h30m', seconds: 5400 },
    { text: '2W', seconds: 1_209_600 },
    { text: '1w2d3h4m5s', seconds: 788_645 },
    { text: '4294967295', seconds: 4_294_967_295 },
  ])('reads $text as $seconds', ({ text, seconds }) => {
    expect(isDuration(text)).toBe(true);
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'h', '1h30', '1y', '-1', '1.5h', '4294967296', '9999999999w', '1 h'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'bad-time' }));
  });
});

describe('parseUnsigned', () => {
  it.each([
    { text: '256', octets: 1 },
    { text: '65536', octets: 2 },
    { text: '4294967296', octets: 4 },
    { text: '-1', octets: 2 },
    { text: '1e3', octets: 2 },
    { text: '', octets: 2 },
  ])('refuses $text in $octets octets', ({ text, octets }) => {
    expect(() => parseUnsigned(text, octets, 'number')).toThrow(expect.objectContaining({ code: 'bad-number' }));
  });
});

describe('packUnsigned', () => {
  it('writes network order', () => {
    expect(packUnsigned(0xfffe_fd01, 4)).toBe('\xff\xfe\xfd\x01');
    expect(packUnsigned(7, 2)).toBe('\0\x07');
  });
});
