import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, scanDecimal } from './decimal.ts';

function parsed(text: string): number {
  // In the middle of other octets, so that neither end is the end of the buffer.
  const octets = Buffer.from(`7${text}7`);
  return parseDecimal(octets, 1, octets.length - 1);
}

const digits = (most: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((list) => list.join(''));

const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits(24),
    fc.option(digits(24), { nil: undefined }),
    fc.option(fc.integer({ min: -345, max: 330 }), { nil: undefined }),
    fc.constantFrom('e', 'E'),
  )
  .map(
    ([sign, whole, fraction, exponent, letter]) =>
      `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent === undefined ? '' : `${letter}${exponent}`}`,
  );

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a decimal number', () => {
  it('is what Number makes of the text, to the last bit', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(parsed(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is the float64 that was printed, by JavaScript, by R with 15 digits and by Python in scientific form', () => {
    fc.assert(
      fc.property(
        fc.double({ noDefaultInfinity: true, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        (value, places) => {
          for (const text of [
            String(value),
            value.toPrecision(15),
            value.toPrecision(17),
            value.toExponential(places),
          ]) {
            expect(parsed(text)).toBe(Number(text));
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('halfway between two float64s goes to the even one, and by the smallest digit more or less to its side', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
        fc.integer({ min: 0, max: 20 }),
        (significand, shift) => {
          // (significand + 1/2) · 2^-shift, in decimal: every digit of it.
          const scaled = (2n * significand + 1n) * 5n ** BigInt(shift + 1);
          for (const numerator of [scaled * 10n - 1n, scaled * 10n, scaled * 10n + 1n]) {
            const text = `${numerator}e-${shift + 2}`;
            const point = `${numerator}`.padStart(shift + 3, '0');
            const written = `${point.slice(0, -(shift + 2))}.${point.slice(-(shift + 2))}`;
            expect(parsed(text)).toBe(Number(text));
            expect(parsed(written)).toBe(Number(written));
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['-0', -0],
    ['0.000', 0],
    ['007', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['+2', 2],
    ['1e999', Number.POSITIVE_INFINITY],
    ['-1e999', Number.NEGATIVE_INFINITY],
    ['1e-999', 0],
    ['0e999', 0],
    ['0e99999999999999999999', 0],
    ['1e-99999999999999999999', 0],
    ['5e-324', 5e-324],
    ['2.4703282292062328e-324', 5e-324],
    ['2.4703282292062327e-324', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['0.1000000000000000055511151231257827', 0.1],
    ['9007199254740993', 9007199254740992],
    [`1${'0'.repeat(400)}e-400`, 1],
    [`0.${'0'.repeat(400)}1e401`, 1],
  ])('%s is %d', (text, value) => {
    expect(parsed(text)).toBe(value);
  });

  it.each(['', '-', '+', '.', '-.', 'e5', '.e5', '1e', '1e+', '1.2.3', '--1', '1 ', ' 1', '0x10', '1_000', '1,5'])(
    '%j is none',
    (text) => {
      expect(parsed(text)).toBeNaN();
    },
  );

  it.each(['NA', 'NaN', 'null', 'Infinity', 'inf', '\u0661', '\uFF11'])('%s is none', (text) => {
    expect(parsed(text)).toBeNaN();
  });

  it('ends where the next octet no longer belongs to it', () => {
    const end = { at: -1, isPlain: false };
    const octets = Buffer.from('[12.5e3,-7e]');
    expect(scanDecimal(octets, 1, octets.length, end)).toBe(12_500);
    expect(end.at).toBe(7);
    expect(scanDecimal(octets, 8, octets.length, end)).toBe(-7);
    expect(end.at).toBe(10);
    expect(scanDecimal(octets, 7, octets.length, end)).toBeNaN();
    expect(end.at).toBe(7);
  });

  it('is plain where JSON has the same number, and nowhere else', () => {
    fc.assert(
      fc.property(
        fc.oneof(decimal, fc.constantFrom('0', '-0', '00', '-01', '0.5', '.5', '5.', '5.e3', '0e1', '+1')),
        (text) => {
          const end = { at: -1, isPlain: false };
          scanDecimal(Buffer.from(text), 0, text.length, end);
          expect(end.isPlain).toBe(isJson(text));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
