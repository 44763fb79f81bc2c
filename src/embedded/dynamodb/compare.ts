import { compareDecimals, parseDecimal } from './decimal.ts';
import { attribute } from './value.ts';
import type { Value } from './value.ts';

/** Of one type and the same content; the order in a set does not count. */
export function equals(left: Value, right: Value): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S;
  if ('N' in left) return 'N' in right && left.N === right.N;
  if ('B' in left) return 'B' in right && left.B === right.B;
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL;
  if ('NULL' in left) return 'NULL' in right;
  if ('SS' in left) return 'SS' in right && isSameSet(left.SS, right.SS);
  if ('NS' in left) return 'NS' in right && isSameSet(left.NS, right.NS);
  if ('BS' in left) return 'BS' in right && isSameSet(left.BS, right.BS);
  if ('L' in left) {
    return (
      'L' in right && left.L.length === right.L.length && left.L.every((one, index) => isEqual(one, right.L[index]))
    );
  }
  if (!('M' in right)) return false;
  const names = Object.keys(left.M);
  return (
    names.length === Object.keys(right.M).length &&
    names.every((name) => isEqual(attribute(left.M, name), attribute(right.M, name)))
  );
}

/** Both are there, and equal. */
export function isEqual(left: Value | undefined, right: Value | undefined): boolean {
  return left !== undefined && right !== undefined && equals(left, right);
}

/**
 * Below zero: left comes first. Undefined: they have no order, being of different types or neither strings, numbers
 * nor binaries. Strings are ordered by their UTF-8 octets ("Supported data types").
 */
export function orderOf(left: Value, right: Value): number | undefined {
  if ('N' in left && 'N' in right) return compareDecimals(parseDecimal(left.N), parseDecimal(right.N));
  const one = octetsOf(left);
  const other = octetsOf(right);
  if (one === undefined || other === undefined || 'S' in left !== 'S' in right) return undefined;
  return Buffer.compare(one, other);
}

/** The octets of a string or a binary. */
export function octetsOf(value: Value): Buffer | undefined {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  return undefined;
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member));
}
