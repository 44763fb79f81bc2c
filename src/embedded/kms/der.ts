/** ASN.1 DER of two positive integers, SEQUENCE { INTEGER, INTEGER }, as ECDSA signatures are written (X.690). */

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Two integers of at most 33 octets: every length is one octet. */
const MAX_LENGTH = 0x7f;

export function encodePair(first: bigint, second: bigint): Uint8Array {
  const body = [...encodeInteger(first), ...encodeInteger(second)];
  return Uint8Array.from([SEQUENCE, body.length, ...body]);
}

function encodeInteger(value: bigint): readonly number[] {
  const digits = value.toString(16);
  const octets = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const signed = (octets[0] ?? 0) > MAX_LENGTH ? [0, ...octets] : [...octets];
  return [INTEGER, signed.length, ...signed];
}

/** Undefined: not exactly the encoding of two integers that are not negative, each in its shortest form. */
export function decodePair(octets: Uint8Array): readonly [bigint, bigint] | undefined {
  if (octets[0] !== SEQUENCE || octets[1] !== octets.length - 2 || octets.length - 2 > MAX_LENGTH) return undefined;
  const first = decodeInteger(octets.subarray(2));
  const second = first && decodeInteger(octets.subarray(2 + first.size));
  if (!first || !second || 2 + first.size + second.size !== octets.length) return undefined;
  return [first.value, second.value];
}

function decodeInteger(octets: Uint8Array): { readonly value: bigint; readonly size: number } | undefined {
  const [tag, length = 0, high = 0, next = 0] = octets;
  if (tag !== INTEGER || length === 0 || octets.length < 2 + length) return undefined;
  const isNegative = high > MAX_LENGTH;
  const isPadded = high === 0 && length > 1 && next <= MAX_LENGTH;
  if (isNegative || isPadded) return undefined;
  return { value: BigInt(`0x${Buffer.from(octets.subarray(2, 2 + length)).toString('hex')}`), size: 2 + length };
}
