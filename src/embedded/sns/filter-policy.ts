import { isIP } from 'node:net';

/** Why SNS does not take a filter policy, in its words where they are known. */
export class FilterPolicyError extends Error {
  override readonly name = 'FilterPolicyError';
}

/** A property and what it may be: any of the conditions must hold. */
export type Conditions = readonly Condition[];

export type Condition =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'equals-ignore-case'; readonly text: string }
  | { readonly kind: 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'cidr'; readonly network: string; readonly bits: number }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'numeric'; readonly bounds: readonly Bound[] }
  | { readonly kind: 'anything-but'; readonly excepted: readonly Excepted[] };

export type Scalar = string | number | boolean | null;
export type Excepted = { readonly equals: Scalar } | { readonly prefix: string } | { readonly suffix: string };

export interface Bound {
  readonly comparison: Comparison;
  readonly value: number;
}

const COMPARISONS = ['=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Every property must fit, and one of the alternatives (`$or`). */
export interface Filter {
  readonly properties: Readonly<Record<string, Conditions | Filter>>;
  /** None: there is no choice. */
  readonly alternatives: readonly Filter[];
}

/** Developer guide, "Filter policy constraints". */
const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;
const MAX_BYTES = 256 * 1024;
/** Of numbers, on either side of zero (developer guide, "Numeric value matching"). */
export const MAX_NUMBER = 1e9;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A filter policy as SNS reads it (developer guide, "Amazon SNS subscription filter policies").
 *
 * @param isNested whether it may look into objects: the scope is MessageBody.
 * @throws FilterPolicyError
 */
export function parseFilterPolicy(text: string, isNested: boolean): Filter {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new FilterPolicyError('FilterPolicy: Filter policy is too long');
  const policy = parseJson(text);
  if (Object.keys(policy).length > MAX_KEYS) {
    throw new FilterPolicyError(`FilterPolicy: Filter policy can not have more than ${MAX_KEYS} keys`);
  }
  const filter = readFilter(policy, isNested);
  if (combinationsOf(policy, 1) > MAX_COMBINATIONS) {
    throw new FilterPolicyError('FilterPolicy: Filter policy is too complex');
  }
  return filter;
}

function parseJson(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new FilterPolicyError('FilterPolicy: failed to parse JSON.');
  }
  if (isFields(parsed)) return parsed;
  throw new FilterPolicyError('FilterPolicy: Filter policy must be an object');
}

/** The numbers of values multiplied, each with the depth at which they stand; those of alternatives add up. */
function combinationsOf(policy: Fields, depth: number): number {
  return Object.entries(policy).reduce((product, [key, value]) => {
    if (key === '$or' && Array.isArray(value)) {
      const fields: readonly unknown[] = value;
      return product * fields.reduce<number>((sum, one) => sum + (isFields(one) ? combinationsOf(one, depth) : 0), 0);
    }
    if (Array.isArray(value)) return product * value.length * depth;
    return isFields(value) ? product * combinationsOf(value, depth + 1) : product;
  }, 1);
}

function readFilter(policy: Fields, isNested: boolean): Filter {
  const { $or: choices, ...named } = policy;
  const properties = Object.entries(named).map(([key, value]) => [key, readProperty(key, value, isNested)] as const);
  return {
    properties: Object.fromEntries(properties),
    alternatives: choices === undefined ? [] : readAlternatives(choices, isNested),
  };
}

/** Developer guide, "OR operator": at least two objects. */
function readAlternatives(value: unknown, isNested: boolean): readonly Filter[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length < 2 || !list.every(isFields)) {
    throw new FilterPolicyError('FilterPolicy: "$or" must be an array of at least two objects');
  }
  return list.map((one) => readFilter(one, isNested));
}

function readProperty(key: string, value: unknown, isNested: boolean): Conditions | Filter {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new FilterPolicyError('FilterPolicy: Empty arrays are not allowed');
    return value.map(readCondition);
  }
  if (!isFields(value)) throw new FilterPolicyError(`FilterPolicy: "${key}" must be an object or an array`);
  if (!isNested) {
    throw new FilterPolicyError('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  return readFilter(value, isNested);
}

function readCondition(value: unknown): Condition {
  if (isScalar(value)) return { kind: 'equals', value: checkScalar(value) };
  if (!isFields(value)) {
    throw new FilterPolicyError('FilterPolicy: Match value must be String, number, true, false, or null');
  }
  const [[kind, operand] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0 || kind === '') {
    throw new FilterPolicyError('FilterPolicy: Only one key allowed in match expression');
  }
  switch (kind) {
    case 'prefix':
    case 'suffix':
      return { kind, text: needText(kind, operand) };
    case 'equals-ignore-case':
      return { kind, text: needText(kind, operand) };
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw new FilterPolicyError('FilterPolicy: exists match pattern must be either true or false.');
      }
      return { kind, wanted: operand };
    case 'numeric':
      return { kind, bounds: readBounds(operand) };
    case 'anything-but':
      return { kind, excepted: readExcepted(operand) };
    case 'cidr':
      return readCidr(needText(kind, operand));
    default:
      throw new FilterPolicyError(`FilterPolicy: Unrecognized match type ${kind}`);
  }
}

function readBounds(operand: unknown): readonly Bound[] {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [];
  if (list.length !== 2 && list.length !== 4) {
    throw new FilterPolicyError('FilterPolicy: Value of numeric must be an array of one or two bounds');
  }
  const bounds: Bound[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const [comparison, value] = [list[index], list[index + 1]];
    if (!isComparison(comparison)) {
      throw new FilterPolicyError(`FilterPolicy: Unrecognized numeric range operator: ${String(comparison)}`);
    }
    if (typeof value !== 'number') {
      throw new FilterPolicyError(`FilterPolicy: Value of ${comparison} must be numeric`);
    }
    checkScalar(value);
    bounds.push({ comparison, value });
  }
  return bounds;
}

function isComparison(value: unknown): value is Comparison {
  return COMPARISONS.some((one) => one === value);
}

function readExcepted(operand: unknown): readonly Excepted[] {
  const list: readonly unknown[] = [operand].flat();
  if (list.length === 0) throw new FilterPolicyError('FilterPolicy: Empty arrays are not allowed');
  return list.map((one): Excepted => {
    if (isScalar(one)) return { equals: checkScalar(one) };
    const [[kind, text] = ['', undefined], ...others] = isFields(one) ? Object.entries(one) : [];
    if (others.length > 0 || (kind !== 'prefix' && kind !== 'suffix')) {
      throw new FilterPolicyError(`FilterPolicy: Unsupported anything-but pattern: ${kind}`);
    }
    return kind === 'prefix' ? { prefix: needText(kind, text) } : { suffix: needText(kind, text) };
  });
}

function readCidr(text: string): Condition {
  const [network = '', bits = ''] = text.split('/');
  const size = isIP(network) === 6 ? 128 : 32;
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > size) {
    throw new FilterPolicyError('FilterPolicy: Malformed CIDR, one of the parts is not a number or out of range');
  }
  return { kind: 'cidr', network, bits: Number(bits) };
}

function needText(kind: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new FilterPolicyError(`FilterPolicy: ${kind} match pattern must be a string`);
}

function checkScalar(value: Scalar): Scalar {
  if (typeof value !== 'number' || Math.abs(value) <= MAX_NUMBER) return value;
  throw new FilterPolicyError('FilterPolicy: Value of numeric must be between -1.0E9 and 1.0E9');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
