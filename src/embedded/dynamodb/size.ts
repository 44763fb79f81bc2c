import type { Item, Value } from './value.ts';

/** "DynamoDB item sizes and formats": 3 for a list or map, 1 for each element of it. */
const DOCUMENT_OVERHEAD = 3;
const ELEMENT_OVERHEAD = 1;

/** Items are never changed, and are measured again and again: by each page that they are on, and by their table. */
const known = new WeakMap<Item, number>();

/** Octets of an item: names and values. */
export function itemSize(item: Item): number {
  const size = known.get(item) ?? measure(item);
  known.set(item, size);
  return size;
}

function measure(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));
}

export function valueSize(value: Value): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('SS' in value) return sum(value.SS.map((text) => Buffer.byteLength(text)));
  if ('NS' in value) return sum(value.NS.map(numberSize));
  if ('BS' in value) return sum(value.BS.map((octets) => Buffer.byteLength(octets, 'base64')));
  if ('L' in value) return DOCUMENT_OVERHEAD + sum(value.L.map((element) => valueSize(element) + ELEMENT_OVERHEAD));
  if ('M' in value) return DOCUMENT_OVERHEAD + itemSize(value.M) + Object.keys(value.M).length * ELEMENT_OVERHEAD;
  return 1;
}

/**
 * "Approximately (1 byte per two significant digits) + (1 byte)". What DynamoDB really counts was measured (the tests
 * of paritysuite/dynamodb-conformance): digits before and behind the point are halved apart, and a minus costs one.
 *
 * @param text a number in its one form.
 */
function numberSize(text: string): number {
  if (text === '0') return 1;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const before = fraction === '' ? withoutEndingZeros(whole) : whole.replace(/^0$/, '');
  const behind = before === '' ? fraction.replace(/^0+/, '') : fraction;
  return 1 + Math.ceil(before.length / 2) + Math.ceil(behind.length / 2) + (text.startsWith('-') ? 1 : 0);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

/** Character by character: a regular expression would begin anew at each zero. */
function withoutEndingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
