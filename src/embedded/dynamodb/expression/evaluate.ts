import { equals, isEqual, octetsOf, orderOf } from '../compare.ts';
import { typeOf } from '../value.ts';
import type { Item, Value } from '../value.ts';
import type { Comparator, Condition, Operand } from './condition.ts';
import { valueAt } from './path.ts';

/** Does a condition hold for an item? One that does not exist has no attributes. */
export function holds(condition: Condition, item: Item): boolean {
  const at = (operand: Operand): Value | undefined => resolve(operand, item);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'compare':
      return compare(condition.comparator, at(condition.left), at(condition.right));
    case 'between':
      return (
        compare('>=', at(condition.operand), at(condition.low)) &&
        compare('<=', at(condition.operand), at(condition.high))
      );
    case 'in':
      return condition.list.some((one) => isEqual(at(condition.operand), at(one)));
    case 'attribute_exists':
      return at(condition.operand) !== undefined;
    case 'attribute_not_exists':
      return at(condition.operand) === undefined;
    case 'attribute_type':
      return isOfType(at(condition.operand), condition.type);
    case 'begins_with':
      return beginsWith(at(condition.operand), at(condition.part));
    case 'contains':
      return contains(at(condition.operand), at(condition.part));
  }
}

function resolve(operand: Operand, item: Item): Value | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const value = resolve(operand.of, item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** A missing attribute is unequal to everything, another missing one included, and has no order. */
function compare(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (comparator === '=') return isEqual(left, right);
  if (comparator === '<>') return !isEqual(left, right);
  const order = left && right && orderOf(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function isOfType(value: Value | undefined, type: string): boolean {
  return value !== undefined && typeOf(value) === type;
}

function beginsWith(value: Value | undefined, prefix: Value | undefined): boolean {
  if (value === undefined || prefix === undefined || typeOf(value) !== typeOf(prefix)) return false;
  const start = octetsOf(prefix);
  return start !== undefined && octetsOf(value)?.subarray(0, start.length).equals(start) === true;
}

/** A part of a string or binary, a member of a set, an element of a list. */
function contains(value: Value | undefined, part: Value | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && octetsOf(value)?.includes(octetsOf(part) ?? '') === true;
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B);
  return 'L' in value && value.L.some((element) => equals(element, part));
}

/** Undefined: values of this type have no size. */
function sizeOf(value: Value): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return octetsOf(value)?.length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : undefined;
}
