import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareSerial } from './serial.ts';

describe('compareSerial', () => {
  it.each([
    { a: 0, b: 0, expected: 0 },
    { a: 2, b: 1, expected: 1 },
    { a: 1, b: 2, expected: -1 },
    { a: 0, b: 4294967295, expected: 1 },
    { a: 4294967295, b: 0, expected: -1 },
    { a: 2147483647, b: 0, expected: 1 },
    { a: 2147483648, b: 0, expected: undefined },
    { a: 0, b: 2147483648, expected: undefined },
    { a: 2147483649, b: 0, expected: -1 },
    { a: 2024010101, b: 1, expected: 1 },
  ])('puts $a against $b at $expected', ({ a, b, expected }) => {
    expect(compareSerial(a, b)).toBe(expected);
  });

  it('calls every serial newer that is less than 2^31 ahead', () => {
    const serials = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const steps = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(serials, steps, (serial, step) => {
        const later = (serial + step) % 2 ** 32;

        expect(compareSerial(later, serial)).toBe(1);
        expect(compareSerial(serial, later)).toBe(-1);
      }),
    );
  });
});
