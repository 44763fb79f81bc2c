import { validation } from '../errors.ts';
import { typeOf } from '../value.ts';
import type { Value, ValueType } from '../value.ts';
import { notEmbedded } from '../../not-embedded.ts';
import { parsePath, treeOf } from './path.ts';
import type { Path, PathTree } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { TokenReader } from './tokens.ts';

/** What SET gives: a value, what is at a path, or what follows from both. */
export type Source =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: 'list_append' | '+' | '-'; readonly left: Source; readonly right: Source };

export type Action =
  | { readonly kind: 'SET'; readonly source: Source }
  | { readonly kind: 'REMOVE' }
  | { readonly kind: 'ADD' | 'DELETE'; readonly value: Value };

/** What happens to which paths. */
export type Update = PathTree<Action>;

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
const ADDED: readonly ValueType[] = ['N', 'SS', 'NS', 'BS'];
const DELETED: readonly ValueType[] = ['SS', 'NS', 'BS'];

/** As errors of ADD and DELETE call the types. */
const TYPE_NAMES: Partial<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
};

/**
 * Reads an update expression ("Using update expressions in DynamoDB").
 *
 * @throws ValidationException in the words of DynamoDB, without the name of the parameter.
 */
export function parseUpdate(text: string, placeholders: Placeholders): Update {
  const reader = new TokenReader(text);
  const actions: { readonly path: Path; readonly said: Action }[] = [];
  const seen = new Set<string>();
  do {
    const section = SECTIONS.find((keyword) => reader.isAtWord(keyword));
    if (section === undefined) throw reader.syntaxError();
    reader.next();
    if (seen.has(section)) {
      throw validation(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    do {
      const path = parsePath(reader, placeholders);
      actions.push({ path, said: parseAction(section, path) });
    } while (reader.takeSymbol(','));
  } while (reader.peek().kind !== 'end');
  return treeOf(actions);

  function parseAction(section: (typeof SECTIONS)[number], path: Path): Action {
    if (section === 'REMOVE') return { kind: section };
    if (section === 'SET') {
      reader.expectSymbol('=');
      return { kind: section, source: parseSource() };
    }
    if (reader.peek().kind !== 'placeholder') throw reader.syntaxError();
    const value = placeholders.value(reader.next().text);
    const type = typeOf(value);
    if (!(section === 'ADD' ? ADDED : DELETED).includes(type)) {
      throw validation(
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${TYPE_NAMES[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
      );
    }
    // UpdateItem: "can only be used on top-level attributes, not nested attributes".
    if (path.length > 1) throw notEmbedded(`${section} on nested attributes, which the documentation rules out`);
    return { kind: section, value };
  }

  function parseSource(): Source {
    const left = parseOperand();
    const sign = reader.isAtSymbol('+') ? '+' : reader.isAtSymbol('-') ? '-' : undefined;
    if (sign === undefined) return left;
    reader.next();
    const right = parseOperand();
    checkOperands(sign, [left, right], 'N');
    return { kind: sign, left, right };
  }

  function parseOperand(): Source {
    if (reader.takeSymbol('(')) {
      const inner = reader.nested(parseSource);
      reader.expectSymbol(')');
      return inner;
    }
    const { kind } = reader.peek();
    if (kind === 'placeholder') return { kind: 'value', value: placeholders.value(reader.next().text) };
    if (kind === 'word' && reader.peek(1).text === '(') return reader.nested(() => parseCall(reader.next().text));
    return { kind: 'path', path: parsePath(reader, placeholders) };
  }

  function parseCall(name: string): Source {
    if (name !== 'if_not_exists' && name !== 'list_append') {
      throw validation(`Invalid function name; function: ${name}`);
    }
    reader.expectSymbol('(');
    const list = [parseOperand()];
    while (reader.takeSymbol(',')) list.push(parseOperand());
    reader.expectSymbol(')');
    const [left, right] = list;
    if (left === undefined || right === undefined || list.length > 2) {
      throw validation(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${list.length}`,
      );
    }
    if (name === 'list_append') {
      checkOperands(name, list, 'L');
      return { kind: name, left, right };
    }
    if (left.kind === 'path') return { kind: name, path: left.path, otherwise: right };
    throw validation(`Operator or function requires a document path; operator or function: ${name}`);
  }
}

function checkOperands(name: string, operands: readonly Source[], wanted: ValueType): void {
  for (const operand of operands) {
    if (operand.kind !== 'value' || typeOf(operand.value) === wanted) continue;
    throw validation(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(operand.value)}`,
    );
  }
}
