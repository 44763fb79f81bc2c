import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { asBuffer } from '../octets.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { invalidValues, validation } from './errors.ts';

/** An attribute's value as the account keeps it: as on the wire, octets in base64 and numbers in one form each. */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly Value[] }
  | { readonly NULL: true }
  | { readonly BOOL: boolean };

/** Attributes by name. */
export interface Item {
  readonly [name: string]: Value;
}

export const VALUE_TYPES = ['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** "Constraints in Amazon DynamoDB", Attributes: nesting up to 32 levels. */
const MAX_DEPTH = 32;

export function typeOf(value: Value): ValueType {
  return Object.keys(value)[0] as ValueType;
}

/** An attribute by its name; undefined: the item does not have it. */
export function attribute(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** @throws ValidationException for values that DynamoDB does not take. */
export function readItem(attributes: Readonly<Record<string, AttributeValue>> | undefined, depth: number = 1): Item {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, value]) => [name, readValue(value, depth)] as const),
  );
}

/** @throws ValidationException */
export function readValue(value: AttributeValue, depth: number = 1): Value {
  if (depth > MAX_DEPTH) throw validation('Nesting Levels have exceeded supported limits');
  const [given, ...more] = Object.entries(value).filter(([, content]) => content !== undefined);
  if (given === undefined) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (more.length > 0) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: readNumber(value.N) };
  if (value.B !== undefined) return { B: readOctets(value.B) };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return readNull(value.NULL);
  if (value.SS !== undefined) return { SS: readStrings(value.SS) };
  if (value.NS !== undefined) return { NS: readNumbers(value.NS) };
  if (value.BS !== undefined) return { BS: readBinaries(value.BS) };
  if (value.L !== undefined) return { L: value.L.map((element) => readValue(element, depth + 1)) };
  return { M: readItem(value.M, depth + 1) };
}

export function showItem(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, showValue(value)] as const));
}

function showValue(value: Value): AttributeValue {
  if ('B' in value) return { B: asBuffer(Buffer.from(value.B, 'base64')) };
  if ('BS' in value) return { BS: value.BS.map((octets) => asBuffer(Buffer.from(octets, 'base64'))) };
  if ('L' in value) return { L: value.L.map(showValue) };
  if ('M' in value) return { M: showItem(value.M) };
  if ('SS' in value) return { SS: [...value.SS] };
  if ('NS' in value) return { NS: [...value.NS] };
  return { ...value };
}

function readNumber(text: string): string {
  return formatDecimal(parseDecimal(text));
}

function readOctets(octets: Uint8Array): string {
  return asBuffer(octets).toString('base64');
}

function readNull(value: boolean): Value {
  if (value) return { NULL: true };
  throw invalidValues('Null attribute value types must have the value of true');
}

function readStrings(strings: readonly string[]): readonly string[] {
  if (strings.length === 0) throw invalidValues('An string set  may not be empty');
  if (hasRepeats(strings)) throw invalidValues(`Input collection ${JSON.stringify(strings)} contains duplicates.`);
  return strings;
}

function readNumbers(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) throw invalidValues('An number set  may not be empty');
  const numbers = texts.map(readNumber);
  if (hasRepeats(numbers)) throw invalidValues('Input collection contains duplicates.');
  return numbers;
}

function readBinaries(binaries: readonly Uint8Array[]): readonly string[] {
  if (binaries.length === 0) throw invalidValues('Binary sets should not be empty');
  const encoded = binaries.map(readOctets);
  if (hasRepeats(encoded)) {
    throw invalidValues(`Input collection ${JSON.stringify(encoded)}of type BS contains duplicates.`);
  }
  return encoded;
}

function hasRepeats(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length;
}
