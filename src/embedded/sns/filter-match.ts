import { BlockList, isIP } from 'node:net';
import { MAX_NUMBER, isFields, isScalar } from './filter-policy.ts';
import type { Bound, Condition, Conditions, Excepted, Filter, Scalar } from './filter-policy.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Does a message fit? Of the body, a list fits where one of its members does; a member that is an object must fit as a
 * whole.
 *
 * @param message its attributes by name, or its body as an object.
 */
export function fits({ properties, alternatives }: Filter, message: Fields): boolean {
  const valueOf = (name: string): unknown => (Object.hasOwn(message, name) ? message[name] : undefined);
  return (
    Object.entries(properties).every(([name, wanted]) => fitsProperty(wanted, valueOf(name))) &&
    (alternatives.length === 0 || alternatives.some((one) => fits(one, message)))
  );
}

/** A body that is no JSON object fits no filter. */
export function fitsBody(filter: Filter, body: string): boolean {
  try {
    const message: unknown = JSON.parse(body);
    return isFields(message) && fits(filter, message);
  } catch {
    return false;
  }
}

function fitsProperty(wanted: Conditions | Filter, value: unknown): boolean {
  if (isFilter(wanted)) {
    const members: readonly unknown[] = [value ?? {}].flat();
    return members.some((member) => isFields(member) && fits(wanted, member));
  }
  const values = [value].flat().filter(isScalar);
  return wanted.some((condition) => holds(condition, values));
}

function isFilter(wanted: Conditions | Filter): wanted is Filter {
  return !Array.isArray(wanted);
}

/** @param values of the property: none where the message does not have it. */
function holds(condition: Condition, values: readonly Scalar[]): boolean {
  if (condition.kind === 'exists') return condition.wanted === values.length > 0;
  return values.some((value) => holdsFor(condition, value));
}

function holdsFor(condition: Exclude<Condition, { kind: 'exists' }>, value: Scalar): boolean {
  switch (condition.kind) {
    case 'equals':
      return value === condition.value;
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === condition.text.toLowerCase();
    case 'prefix':
      return typeof value === 'string' && value.startsWith(condition.text);
    case 'suffix':
      return typeof value === 'string' && value.endsWith(condition.text);
    case 'numeric':
      return isComparable(value) && condition.bounds.every((bound) => isWithin(value, bound));
    case 'anything-but':
      return !condition.excepted.some((one) => isExcepted(value, one));
    case 'cidr':
      return typeof value === 'string' && isInNetwork(value, condition);
  }
}

/** Numbers beyond those that a policy may name are within no bounds ("from -10^9 to 10^9", "Numeric value matching"). */
function isComparable(value: Scalar): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_NUMBER;
}

/** "five digits of accuracy after the decimal point". */
const ACCURACY = 1e5;

function isWithin(value: number, { comparison, value: bound }: Bound): boolean {
  const [left, right] = [Math.round(value * ACCURACY), Math.round(bound * ACCURACY)];
  switch (comparison) {
    case '=':
      return left === right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function isExcepted(value: Scalar, excepted: Excepted): boolean {
  if ('equals' in excepted) return value === excepted.equals;
  if (typeof value !== 'string') return false;
  return 'prefix' in excepted ? value.startsWith(excepted.prefix) : value.endsWith(excepted.suffix);
}

function isInNetwork(address: string, { network, bits }: { readonly network: string; readonly bits: number }): boolean {
  if (isIP(address) === 0 || isIP(address) !== isIP(network)) return false;
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}
