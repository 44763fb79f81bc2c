import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals, formatDecimal, negated, parseDecimal } from './decimal.ts';

const OVERFLOW = /Number overflow/;
const UNDERFLOW = /Number underflow/;
const NO_NUMBER = /cannot be converted to a numeric value/;
const TOO_LONG = /more than 38 significant digits/;

describe('a number', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0e99999999999', '0'],
    ['+7', '7'],
    ['0042.1200', '42.12'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-1.50', '-1.5'],
    ['1e3', '1000'],
    ['12.5E+2', '1250'],
    ['12.5e-3', '0.0125'],
    ['1E125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['123456789012345678901234567890123456780000', '123456789012345678901234567890123456780000'],
  ])('%s is kept as %s', (text, kept) => {
    expect(formatDecimal(parseDecimal(text))).toBe(kept);
  });

  it.each([
    ['', NO_NUMBER],
    ['.', NO_NUMBER],
    ['abc', NO_NUMBER],
    ['1.2.3', NO_NUMBER],
    [' 1', NO_NUMBER],
    ['1e', NO_NUMBER],
    ['0x10', NO_NUMBER],
    ['NaN', NO_NUMBER],
    ['Infinity', NO_NUMBER],
    ['1e126', OVERFLOW],
    ['-1e99999999999', OVERFLOW],
    ['1e-131', UNDERFLOW],
    ['1e-99999999999', UNDERFLOW],
    ['123456789012345678901234567890123456789', TOO_LONG],
  ])('%s is none, or is refused', (text, message) => {
    expect(() => parseDecimal(text)).toThrow(message);
  });

  it.each([
    ['1', '2', -1],
    ['2', '10', -1],
    ['-2', '-10', 1],
    ['1.0', '1', 0],
    ['0', '-0', 0],
    ['9007199254740993', '9007199254740992', 1],
    ['0.1', '0.10000000000000000000000000000000000001', -1],
    ['1e125', '1e-130', 1],
    ['-1e125', '1e-130', -1],
  ])('%s compared with %s: %i', (left, right, order) => {
    expect(compareDecimals(parseDecimal(left), parseDecimal(right))).toBe(order);
    expect(compareDecimals(parseDecimal(right), parseDecimal(left))).toBe(order === 0 ? 0 : -order);
  });

  it.each([
    ['1', '2', '3'],
    ['0.1', '0.2', '0.3'],
    ['9007199254740993', '1', '9007199254740994'],
    ['1', '-1', '0'],
    ['99', '1', '100'],
    ['-0.5', '0.25', '-0.25'],
    ['99999999999999999999999999999999999999', '1', '100000000000000000000000000000000000000'],
  ])('%s + %s = %s', (left, right, sum) => {
    expect(formatDecimal(addDecimals(parseDecimal(left), parseDecimal(right)))).toBe(sum);
  });

  it('adds up exactly, or refuses', () => {
    const add = (left: string, right: string) => addDecimals(parseDecimal(left), parseDecimal(right));
    expect(() => add('1e50', '1')).toThrow(/no arithmetic beyond 38 digits/);
    expect(() => add('9e125', '9e125')).toThrow(OVERFLOW);
  });

  it('adds and compares as whole numbers do', () => {
    const part = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    fc.assert(
      fc.property(part, part, fc.integer({ min: -20, max: 20 }), (one, other, exponent) => {
        const [left, right] = [parseDecimal(`${one}e${exponent}`), parseDecimal(`${other}e${exponent}`)];
        expect(addDecimals(left, right)).toEqual(parseDecimal(`${one + other}e${exponent}`));
        expect(addDecimals(addDecimals(left, right), negated(right))).toEqual(left);
        expect(compareDecimals(left, right)).toBe(one === other ? 0 : one < other ? -1 : 1);
        expect(parseDecimal(formatDecimal(left))).toEqual(left);
      }),
    );
  });
});
