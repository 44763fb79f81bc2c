import { addDecimals, formatDecimal, negated, parseDecimal } from '../decimal.ts';
import { validation } from '../errors.ts';
import type { Item, Value } from '../value.ts';
import type { Action, Source, Update } from './parse-update.ts';
import { valueAt } from './path.ts';

/**
 * An item after an update: "DynamoDB evaluates every action against the item's attribute values as they were before
 * the update".
 *
 * @throws ValidationException for paths and operands that do not fit the item.
 */
export function applyUpdate(item: Item, update: Update): Item {
  const after = change({ M: item }, update, item);
  return after !== undefined && 'M' in after ? after.M : item;
}

function change(value: Value | undefined, tree: Update, before: Item): Value | undefined {
  if ('said' in tree) return act(tree.said, value, before);
  const steps = [...tree.steps];
  if (value !== undefined && 'M' in value && steps.every(([step]) => typeof step === 'string')) {
    const changed = new Map(Object.entries(value.M));
    for (const [step, below] of steps) {
      const after = change(changed.get(String(step)), below, before);
      if (after === undefined) changed.delete(String(step));
      else changed.set(String(step), after);
    }
    return { M: Object.fromEntries(changed) };
  }
  if (value !== undefined && 'L' in value && steps.every(([step]) => typeof step === 'number')) {
    return { L: changeList(value.L, new Map(steps.map(([step, below]) => [Number(step), below])), before) };
  }
  throw validation('The document path provided in the update expression is invalid for update');
}

/** Elements keep their indexes until all is done; what is set beyond the end is appended in the order of the indexes. */
function changeList(list: readonly Value[], steps: ReadonlyMap<number, Update>, before: Item): readonly Value[] {
  const kept = list.flatMap((element, index) => {
    const below = steps.get(index);
    return below === undefined ? element : (change(element, below, before) ?? []);
  });
  const appended = [...steps]
    .filter(([index]) => index >= list.length)
    .sort(([left], [right]) => left - right)
    .flatMap(([, below]) => change(undefined, below, before) ?? []);
  return [...kept, ...appended];
}

function act(action: Action, value: Value | undefined, before: Item): Value | undefined {
  switch (action.kind) {
    case 'SET':
      return evaluate(action.source, before);
    case 'REMOVE':
      return undefined;
    case 'ADD':
      return value === undefined ? action.value : added(value, action.value);
    case 'DELETE':
      return value === undefined ? undefined : withoutMembers(value, action.value);
  }
}

function evaluate(source: Source, before: Item): Value {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'path': {
      const value = valueAt(before, source.path);
      if (value !== undefined) return value;
      throw validation('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(before, source.path) ?? evaluate(source.otherwise, before);
    case 'list_append': {
      const [left, right] = [evaluate(source.left, before), evaluate(source.right, before)];
      if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
      throw incorrectType();
    }
    case '+':
    case '-':
      return sum(evaluate(source.left, before), evaluate(source.right, before), source.kind);
  }
}

function sum(left: Value, right: Value, sign: '+' | '-'): Value {
  if (!('N' in left) || !('N' in right)) throw incorrectType();
  const other = parseDecimal(right.N);
  return { N: formatDecimal(addDecimals(parseDecimal(left.N), sign === '+' ? other : negated(other))) };
}

function added(value: Value, more: Value): Value {
  if ('N' in more) return sum(value, more, '+');
  if ('SS' in value && 'SS' in more) return { SS: union(value.SS, more.SS) };
  if ('NS' in value && 'NS' in more) return { NS: union(value.NS, more.NS) };
  if ('BS' in value && 'BS' in more) return { BS: union(value.BS, more.BS) };
  throw incorrectType();
}

/** A set without any member is no attribute. */
function withoutMembers(value: Value, less: Value): Value | undefined {
  if ('SS' in value && 'SS' in less) return nonEmpty(difference(value.SS, less.SS), (SS) => ({ SS }));
  if ('NS' in value && 'NS' in less) return nonEmpty(difference(value.NS, less.NS), (NS) => ({ NS }));
  if ('BS' in value && 'BS' in less) return nonEmpty(difference(value.BS, less.BS), (BS) => ({ BS }));
  throw incorrectType();
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}

function difference(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.filter((member) => !right.includes(member));
}

function nonEmpty(members: readonly string[], make: (members: readonly string[]) => Value): Value | undefined {
  return members.length === 0 ? undefined : make(members);
}

function incorrectType(): Error {
  return validation('An operand in the update expression has an incorrect data type');
}
