import { validation } from './errors.ts';
import type { Condition, Operand } from './expression/condition.ts';
import type { StoredTable } from './model.ts';
import { typeOf } from './value.ts';
import type { Value } from './value.ts';

/** Which items of a table a query reads. */
export interface KeyCondition {
  /** Of the partition key. */
  readonly partition: Value;
  /** Of the sort key; undefined: all of the partition. */
  readonly sort: Condition | undefined;
}

/**
 * A key condition: the partition key equals a value, and at most one condition on the sort key (Developer Guide, "Key
 * condition expressions for the Query operation").
 *
 * @throws ValidationException
 */
export function keyConditionOf(condition: Condition, { key }: StoredTable): KeyCondition {
  const parts = condition.kind === 'and' ? [condition.left, condition.right] : [condition];
  const [hash, range] = key;
  const ofHash = parts.filter((part) => nameOf(part) === hash?.name);
  const others = parts.filter((part) => nameOf(part) !== hash?.name);
  const [equality] = ofHash;
  if (equality === undefined) throw validation(`Query condition missed key schema element: ${hash?.name}`);
  if (ofHash.length > 1) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
  const partition = valueOf(equality);
  if (partition === undefined) throw validation('Query key condition not supported');
  checkType(partition, hash?.type);
  const [sort] = others;
  if (sort === undefined) return { partition, sort: undefined };
  if (range === undefined || nameOf(sort) !== range.name) {
    throw validation(range === undefined ? 'Query key condition not supported' : missed(range.name));
  }
  for (const value of operandsOf(sort)) checkType(value, range.type);
  return { partition, sort };
}

function missed(name: string): string {
  return `Query condition missed key schema element: ${name}`;
}

/** The attribute that a condition is about; undefined: it is no condition on a key. */
function nameOf(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'compare':
      return condition.comparator === '<>' ? undefined : attributeOf(condition.left);
    case 'between':
    case 'begins_with':
      return attributeOf(condition.operand);
    default:
      return undefined;
  }
}

function attributeOf(operand: Operand): string | undefined {
  if (operand.kind !== 'path' || operand.path.length !== 1) return undefined;
  const [name] = operand.path;
  return typeof name === 'string' ? name : undefined;
}

function valueOf(condition: Condition): Value | undefined {
  if (condition.kind !== 'compare' || condition.comparator !== '=') return undefined;
  return condition.right.kind === 'value' ? condition.right.value : undefined;
}

function operandsOf(condition: Condition): readonly Value[] {
  const operands =
    condition.kind === 'compare'
      ? [condition.right]
      : condition.kind === 'between'
        ? [condition.low, condition.high]
        : condition.kind === 'begins_with'
          ? [condition.part]
          : [];
  return operands.map((operand) => {
    if (operand.kind !== 'value') throw validation('Query key condition not supported');
    return operand.value;
  });
}

function checkType(value: Value, type: string | undefined): void {
  if (typeOf(value) !== type) {
    throw validation('One or more parameter values were invalid: Condition parameter type does not match schema type');
  }
}

/** Names of attributes that a condition looks at, for a filter that must not look at the key. */
export function namesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...namesIn(condition.left), ...namesIn(condition.right)];
    case 'not':
      return namesIn(condition.condition);
    case 'compare':
      return [condition.left, condition.right].flatMap(namesOf);
    case 'between':
      return [condition.operand, condition.low, condition.high].flatMap(namesOf);
    case 'in':
      return [condition.operand, ...condition.list].flatMap(namesOf);
    case 'begins_with':
    case 'contains':
      return [condition.operand, condition.part].flatMap(namesOf);
    default:
      return namesOf(condition.operand);
  }
}

function namesOf(operand: Operand): readonly string[] {
  if (operand.kind === 'size') return namesOf(operand.of);
  return operand.kind === 'path' ? [String(operand.path[0])] : [];
}
