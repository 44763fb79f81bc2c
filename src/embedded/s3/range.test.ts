import { describe, expect, it } from 'vitest';
import { rangeOf } from './range.ts';

describe('rangeOf', () => {
  it.each([
    ['bytes=0-0', { from: 0, end: 1 }],
    ['bytes=2-5', { from: 2, end: 6 }],
    ['bytes=2-', { from: 2, end: 10 }],
    ['bytes=9-99', { from: 9, end: 10 }],
    ['bytes=-3', { from: 7, end: 10 }],
    ['bytes=-99', { from: 0, end: 10 }],
    ['bytes=5-2', undefined],
    ['bytes=0-1,3-4', undefined],
    ['octets=0-1', undefined],
    ['bytes=-', undefined],
    [undefined, undefined],
  ])('of 10 octets for %s is %j', (header, expected) => {
    expect(rangeOf(header, 10)).toEqual(expected);
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20', 10],
    ['bytes=-0', 10],
    ['bytes=0-0', 0],
  ])('%s of %i octets is not satisfiable', (header, size) => {
    expect(() => rangeOf(header, size)).toThrow(
      expect.objectContaining({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } }),
    );
  });
});
