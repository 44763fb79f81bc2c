import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { compileGlob, matches, substitute } from './pattern.ts';
import type { VariableLookup } from './pattern.ts';

/** One value of the request against one value of the policy; false where either is not of the operator's kind. */
type Test = (actual: string, wanted: string, lookup: VariableLookup | undefined) => boolean;

/** An operator of a condition block, such as `ForAllValues:StringLikeIfExists`. */
export interface Operator {
  readonly name: string;
  readonly set?: 'any' | 'all';
  /** Holds where the key is missing. */
  readonly ifExists: boolean;
  /** Holds where no value of the policy matches. */
  readonly negated: boolean;
  /** `Null`: asks whether the key is there. */
  readonly test: Test | 'presence';
}

/** Positive operators and the negated names of them (IAM JSON policy elements, "Condition operators"). */
const POSITIVE: Readonly<Record<string, Test>> = {
  stringequals: (actual, wanted, lookup) => substitute(wanted, lookup) === actual,
  stringequalsignorecase: (actual, wanted, lookup) =>
    substitute(wanted, lookup)?.toLowerCase() === actual.toLowerCase(),
  stringlike: (actual, wanted, lookup) => {
    const pattern = compileGlob(wanted, lookup);
    return pattern !== undefined && matches(pattern, actual);
  },
  numericequals: numeric((actual, wanted) => actual === wanted),
  numericlessthan: numeric((actual, wanted) => actual < wanted),
  numericlessthanequals: numeric((actual, wanted) => actual <= wanted),
  numericgreaterthan: numeric((actual, wanted) => actual > wanted),
  numericgreaterthanequals: numeric((actual, wanted) => actual >= wanted),
  dateequals: dated((actual, wanted) => actual === wanted),
  datelessthan: dated((actual, wanted) => actual < wanted),
  datelessthanequals: dated((actual, wanted) => actual <= wanted),
  dategreaterthan: dated((actual, wanted) => actual > wanted),
  dategreaterthanequals: dated((actual, wanted) => actual >= wanted),
  bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  binaryequals: (actual, wanted) => actual === wanted,
  ipaddress: isInRange,
  // The two behave alike, wildcards included.
  arnequals: isArnLike,
  arnlike: isArnLike,
};

const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
  notipaddress: 'ipaddress',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

const NAME = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/i;

/** Undefined: IAM knows no such operator. */
export function parseOperator(text: string): Operator | undefined {
  const [, set, name, ifExists] = NAME.exec(text) ?? [];
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  const shared = {
    name: text,
    ifExists: ifExists !== undefined,
    ...(set !== undefined && { set: set.toLowerCase() === 'foranyvalue' ? ('any' as const) : ('all' as const) }),
  };
  // IfExists ends every operator but Null.
  if (lower === 'null') return shared.ifExists ? undefined : { ...shared, negated: false, test: 'presence' };
  const negated = NEGATED[lower];
  const test = POSITIVE[negated ?? lower];
  return test && { ...shared, negated: negated !== undefined, test };
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

function numeric(holds: (actual: number, wanted: number) => boolean): Test {
  return (actual, wanted) =>
    NUMBER.test(actual) && NUMBER.test(wanted) && holds(Number.parseFloat(actual), Number.parseFloat(wanted));
}

function dated(holds: (actual: number, wanted: number) => boolean): Test {
  return (actual, wanted) => {
    const [left, right] = [instantOf(actual), instantOf(wanted)];
    return left !== undefined && right !== undefined && holds(left, right);
  };
}

const ISO_DATE = /^\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?$/;

/** A W3C date or seconds since the epoch, as milliseconds. */
function instantOf(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  const instant = ISO_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function isInRange(actual: string, wanted: string): boolean {
  const [address = '', length] = wanted.split('/');
  const family = familyOf(address);
  const actualFamily = familyOf(actual);
  if (family === undefined || actualFamily === undefined) return false;
  const bits = length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv4' ? 32 : 128)) return false;
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return range.check(actual, actualFamily);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
}

/** Each of the six parts of an ARN is held against the same part of the other. */
function isArnLike(actual: string, wanted: string, lookup: VariableLookup | undefined): boolean {
  if (wanted === '*') return true;
  const wantedParts = arnParts(wanted);
  const actualParts = arnParts(actual);
  if (wantedParts.length !== actualParts.length) return false;
  return wantedParts.every((part, index) => {
    const pattern = compileGlob(part, lookup);
    return pattern !== undefined && matches(pattern, actualParts[index] ?? '');
  });
}

const ARN_PARTS = 6;

/** Colons in a variable's name are not the ARN's. */
function arnParts(text: string): readonly string[] {
  const hidden = text.replaceAll(/\$\{[^{}]*\}/g, (variable) => variable.replaceAll(':', '\0'));
  const parts = hidden.split(':').map((part) => part.replaceAll('\0', ':'));
  if (parts.length < ARN_PARTS) return parts;
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** An ARN or pattern of one, as a Resource element may have it. */
export function isArnShaped(text: string): boolean {
  return arnParts(text).length === ARN_PARTS;
}
