import { notEmbedded } from '../not-embedded.ts';
import { validation } from './errors.ts';

/** A number as DynamoDB has it: `coefficient × 10^exponent`, the coefficient without zeros at its end; zero is 0 × 10^0. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** "Supported data types", Number: 38 digits of precision, 1E-130 to 9.9…E+125. */
const MAX_DIGITS = 38;
const MAX_MAGNITUDE = 125;
const MIN_MAGNITUDE = -130;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const TOO_LARGE = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const TOO_SMALL = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';

/** @throws ValidationException for what is no number, too long or out of range. */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '' && fraction === '') {
    throw validation(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = withoutEnd(significant);
  if (digits === '') return { coefficient: 0n, exponent: 0 };
  const scale = Number(exponent) - fraction.length + (significant.length - digits.length);
  if (digits.length > MAX_DIGITS) {
    throw validation(`Attempting to store more than ${MAX_DIGITS} significant digits in a Number`);
  }
  checkMagnitude(scale + digits.length - 1);
  return { coefficient: BigInt(`${sign === '-' ? '-' : ''}${digits}`), exponent: scale };
}

/** Without exponent and needless zeros, as DynamoDB gives numbers back. */
export function formatDecimal({ coefficient, exponent }: Decimal): string {
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const sign = coefficient < 0n ? '-' : '';
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}`;
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

export function compareDecimals(left: Decimal, right: Decimal): number {
  const [one, other] = aligned(left, right);
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * The exact sum.
 *
 * @throws ValidationException out of the range; NotEmbedded for a sum of more than 38 digits: how DynamoDB rounds is
 *   not documented.
 */
export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const [one, other] = aligned(left, right);
  const sum = String(one + other);
  const digits = withoutEnd(sum);
  if (one + other === 0n) return { coefficient: 0n, exponent: 0 };
  const exponent = Math.min(left.exponent, right.exponent) + (sum.length - digits.length);
  const length = digits.replace('-', '').length;
  if (length > MAX_DIGITS) throw notEmbedded(`arithmetic beyond ${MAX_DIGITS} digits`);
  checkMagnitude(exponent + length - 1);
  return { coefficient: BigInt(digits), exponent };
}

export function negated({ coefficient, exponent }: Decimal): Decimal {
  return { coefficient: -coefficient, exponent };
}

/** Both coefficients at the smaller exponent. */
function aligned(left: Decimal, right: Decimal): readonly [bigint, bigint] {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (value: Decimal): bigint => value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return [scaled(left), scaled(right)];
}

function withoutEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function checkMagnitude(magnitude: number): void {
  if (magnitude > MAX_MAGNITUDE) throw validation(TOO_LARGE);
  if (magnitude < MIN_MAGNITUDE) throw validation(TOO_SMALL);
}
