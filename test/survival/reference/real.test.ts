import { describe, expect, it } from 'vitest';
import { exp, LN10, LN2, log, logErfc, logTwoSidedP, PI, Z_975 } from './functions.ts';
import {
  add,
  compare,
  digitsOf,
  divide,
  fromNumber,
  negate,
  ONE,
  real,
  squareRoot,
  subtract,
  toNumber,
  TWO,
  ZERO,
} from './real.ts';
import type { Real } from './real.ts';

const ratio = (a: bigint, b: bigint): Real => divide(real(a), real(b));

describe('the arithmetic', () => {
  it.each([0, 1, -1, 0.1, 1 / 3, 5e-324, 2 ** -1022, -1.5e-310, Number.MAX_VALUE, -1e300, 2 ** -1074 * 3])(
    'holds the double %d exactly',
    (value) => {
      expect(toNumber(fromNumber(value))).toBe(value);
    },
  );

  it('gives the nearest double, ties to even', () => {
    const half = fromNumber(2 ** -53);
    expect(toNumber(add(ONE, half))).toBe(1);
    expect(toNumber(add(ONE, add(half, fromNumber(2 ** -200))))).toBe(1 + 2 ** -52);
    expect(toNumber(add(fromNumber(1 + 2 ** -52), half))).toBe(1 + 2 ** -51);
    expect(toNumber(real(1n, -1075))).toBe(0);
    expect(toNumber(real(3n, -1075))).toBe(2 ** -1073);
    expect(toNumber(real(-3n, -1076))).toBe(-(2 ** -1074));
    expect(toNumber(real(1n, 1024))).toBe(Infinity);
    expect(toNumber(real(-1n, 5000))).toBe(-Infinity);
    expect(toNumber(ratio(1n, 10n))).toBe(0.1);
  });

  it('adds across any distance of exponents', () => {
    const big = real(1n, 1000);
    expect(compare(subtract(add(big, ONE), big), ZERO)).toBe(0);
    expect(compare(add(big, ONE), big)).toBe(0);
    expect(compare(subtract(add(real(1n, 150), ONE), real(1n, 150)), ONE)).toBe(0);
  });

  it('refuses what is no number', () => {
    expect(() => fromNumber(NaN)).toThrow(RangeError);
    expect(() => divide(ONE, ZERO)).toThrow(RangeError);
    expect(() => squareRoot(negate(ONE))).toThrow(RangeError);
    expect(() => log(ZERO)).toThrow(RangeError);
    expect(() => logErfc(negate(ONE))).toThrow(RangeError);
  });
});

describe('constants and functions, to 60 digits', () => {
  const erfc = (x: Real): Real => exp(logErfc(x));

  // Printed in the Handbook of Mathematical Functions (Abramowitz & Stegun) and the OEIS: A002162, A000796, A001113, A002392, A002193.
  it.each<[string, Real, string]>([
    ['ln 2', LN2, '0.693147180559945309417232121458176568075500134360255254120680e0'],
    ['ln 10', LN10, '0.230258509299404568401799145468436420760110148862877297603332e1'],
    ['pi', PI, '0.314159265358979323846264338327950288419716939937510582097494e1'],
    ['e', exp(ONE), '0.271828182845904523536028747135266249775724709369995957496696e1'],
    ['1/e', exp(negate(ONE)), '0.367879441171442321595523770161460867445811131031767834507836e0'],
    ['√2', squareRoot(TWO), '0.141421356237309504880168872420969807856967187537694807317667e1'],
    // Printed by mpmath 1.3.0 with 100 digits.
    ['erfc(0.5)', erfc(fromNumber(0.5)), '0.479500122186953462317253346108035471263548424242036299941194e0'],
    ['erfc(1)', erfc(ONE), '0.157299207050285130658779364917390740703933002033697091540062e0'],
    ['erfc(3)', erfc(real(3n)), '0.220904969985854413727761295823203798477070873992496572389548e-4'],
    ['erfc(10)', erfc(real(10n)), '0.208848758376254475700078629495778861156081811932116372701221e-44'],
    ['ln erfc(1000)', logErfc(real(1000n)), '-0.100000748012072190621214066734919079679475153155104327975399e7'],
    ['exp(1000)', exp(real(1000n)), '0.197007111401704699388887935224332312531693798532384578995280e435'],
    ['exp(-1e6)', exp(real(-1_000_000n)), '0.329683147808855857896890796910772420856140150665837015964708e-434294'],
    ['ln(1e300)', log(fromNumber(1e300)), '0.690775527898213705257902196660513681150659990441493231550394e3'],
    [
      'ln of the smallest double',
      log(fromNumber(5e-324)),
      '-0.744440071921381262314107298446081634113087144302914142925610e3',
    ],
    [
      'ln(1 + 2^-50)',
      log(fromNumber(1 + 2 ** -50)),
      '0.888178419700124837908452723966987093879771494629797069714135e-15',
    ],
    [
      'the two-sided p of z = 38',
      exp(logTwoSidedP(real(38n))),
      '0.577085672013756861670194096313380818932363554589116466517821e-315',
    ],
    ['z of a two-sided p of 5 %', Z_975, '0.195996398454005423552459443052055152795555007786954839847695e1'],
  ])('%s', (_name, value, digits) => {
    expect(digitsOf(value, 60)).toBe(digits);
  });
});
