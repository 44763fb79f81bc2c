import { orderOf } from '../compare.ts';
import { validation } from '../errors.ts';
import { VALUE_TYPES, typeOf } from '../value.ts';
import type { Value, ValueType } from '../value.ts';
import type { Comparator, Condition, Operand } from './condition.ts';
import { parsePath, pathText } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { TokenReader, isKeyword } from './tokens.ts';

const COMPARATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='] satisfies Comparator[];
/** How many operands each function has. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
/** "Condition and filter expressions, operators, and functions in DynamoDB": IN takes up to 100 values. */
const MAX_LIST = 100;

type Node = Condition | Operand;

/**
 * Reads a condition expression. NOT binds strongest, then AND, then OR.
 *
 * @throws ValidationException in the words of DynamoDB, without the name of the parameter.
 */
export function parseCondition(text: string, placeholders: Placeholders): Condition {
  const reader = new TokenReader(text);
  /** The node that was in the parentheses that were closed last. */
  let enclosed: Node | undefined;

  const whole = condition(either());
  reader.expectEnd();
  return whole;

  function either(): Node {
    let left = both();
    while (reader.isAtWord('OR')) {
      const first = condition(left);
      reader.next();
      left = { kind: 'or', left: first, right: condition(both()) };
    }
    return left;
  }

  function both(): Node {
    let left = negation();
    while (reader.isAtWord('AND')) {
      const first = condition(left);
      reader.next();
      left = { kind: 'and', left: first, right: condition(negation()) };
    }
    return left;
  }

  function negation(): Node {
    if (!reader.isAtWord('NOT')) return comparison();
    reader.next();
    return { kind: 'not', condition: condition(reader.nested(negation)) };
  }

  function comparison(): Node {
    const left = primary();
    const isCompared = isAtComparator() || reader.isAtWord('BETWEEN') || reader.isAtWord('IN');
    if (!isCompared) return left;
    const first = operand(left);
    if (reader.takeWord('BETWEEN')) return between(first);
    if (reader.takeWord('IN')) return membership(first);
    const comparator = reader.next().text as Comparator;
    const right = operand(primary());
    checkDistinct(comparator, [first, right]);
    if (comparator !== '=' && comparator !== '<>') checkTypes(comparator, [first, right], ['S', 'N', 'B']);
    return { kind: 'compare', comparator, left: first, right };
  }

  function between(value: Operand): Condition {
    const low = operand(primary());
    reader.expectWord('AND');
    const high = operand(primary());
    checkTypes('BETWEEN', [value, low, high], ['S', 'N', 'B']);
    if (low.kind === 'value' && high.kind === 'value') checkBounds(low.value, high.value);
    return { kind: 'between', operand: value, low, high };
  }

  function membership(value: Operand): Condition {
    const list = operands();
    if (list.length > MAX_LIST) {
      throw validation(`The IN operator is provided with too many operands; number of operands: ${list.length}`);
    }
    return { kind: 'in', operand: value, list };
  }

  function primary(): Node {
    if (reader.isAtSymbol('(')) return parenthesised();
    const token = reader.peek();
    if (token.kind === 'placeholder') return { kind: 'value', value: placeholders.value(reader.next().text) };
    const isCall = token.kind === 'word' && reader.peek(1).text === '(' && !isKeyword(token);
    return isCall ? call(reader.next().text) : { kind: 'path', path: parsePath(reader, placeholders) };
  }

  function parenthesised(): Node {
    reader.next();
    enclosed = undefined;
    const inner = reader.nested(either);
    reader.expectSymbol(')');
    if (inner === enclosed) throw validation('The expression has redundant parentheses;');
    enclosed = inner;
    return inner;
  }

  function call(name: string): Node {
    const count = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (count === undefined) throw validation(`Invalid function name; function: ${name}`);
    const list = reader.nested(operands);
    const [first, second] = list;
    if (list.length !== count || first === undefined) {
      throw validation(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${list.length}`,
      );
    }
    checkDistinct(name, list);
    if (name === 'size') {
      checkTypes(name, [first], ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
      return { kind: 'size', of: first };
    }
    if (name === 'attribute_exists' || name === 'attribute_not_exists') {
      if (first.kind === 'path') return { kind: name, operand: first };
      throw validation(`Operator or function requires a document path; operator or function: ${name}`);
    }
    if (name === 'attribute_type') return { kind: name, operand: first, type: typeName(second) };
    if (name === 'begins_with') checkTypes(name, list, ['S', 'B']);
    return { kind: name as 'begins_with' | 'contains', operand: first, part: second ?? first };
  }

  function operands(): readonly Operand[] {
    reader.expectSymbol('(');
    const list = [operand(primary())];
    while (reader.takeSymbol(',')) list.push(operand(primary()));
    reader.expectSymbol(')');
    return list;
  }

  function condition(node: Node): Condition {
    if (!isOperand(node)) return node;
    throw node.kind === 'size' ? misused('size') : reader.syntaxError();
  }

  function operand(node: Node): Operand {
    if (isOperand(node)) return node;
    throw Object.hasOwn(FUNCTIONS, node.kind) ? misused(node.kind) : reader.syntaxError();
  }

  function isAtComparator(): boolean {
    return reader.peek().kind === 'symbol' && COMPARATORS.includes(reader.peek().text);
  }
}

function isOperand(node: Node): node is Operand {
  return node.kind === 'path' || node.kind === 'value' || node.kind === 'size';
}

function misused(name: string): Error {
  return validation(`The function is not allowed to be used this way in an expression; function: ${name}`);
}

function typeName(operand: Operand | undefined): ValueType {
  if (operand?.kind !== 'value' || !('S' in operand.value)) {
    const type = operand?.kind === 'value' ? typeOf(operand.value) : `{${VALUE_TYPES.join(',')}}`;
    throw wrongType('attribute_type', type);
  }
  const name = operand.value.S;
  const type = VALUE_TYPES.find((known) => known === name);
  if (type !== undefined) return type;
  throw validation(
    `Invalid attribute type name found; type: ${name}, valid types: {${[...VALUE_TYPES].sort().join(',')}}`,
  );
}

/** Values in the request have a type that can be judged beforehand. */
function checkTypes(name: string, operands: readonly Operand[], allowed: readonly ValueType[]): void {
  for (const operand of operands) {
    if (operand.kind !== 'value') continue;
    const type = typeOf(operand.value);
    if (!allowed.includes(type)) throw wrongType(name, type);
  }
}

function wrongType(name: string, type: string): Error {
  return validation(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

function checkDistinct(name: string, [first, ...rest]: readonly Operand[]): void {
  if (first?.kind !== 'path') return;
  const text = pathText(first.path);
  if (!rest.some((operand) => operand.kind === 'path' && pathText(operand.path) === text)) return;
  throw validation(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${text}`,
  );
}

function checkBounds(low: Value, high: Value): void {
  const bounds = `lower bound operand: ${boundText(low)}, upper bound operand: ${boundText(high)}`;
  const order = orderOf(low, high);
  if (order === undefined) {
    throw validation(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    throw validation(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`);
  }
}

function boundText(value: Value): string {
  return `AttributeValue: {${Object.entries(value)
    .map(([type, content]) => `${type}:${String(content)}`)
    .join()}}`;
}
