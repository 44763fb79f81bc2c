import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { readItem, showItem } from '../value.ts';
import { applyUpdate } from './apply-update.ts';
import { parseUpdate } from './parse-update.ts';
import { project } from './path.ts';
import { Placeholders } from './placeholders.ts';

type Attributes = Record<string, AttributeValue>;

const ITEM: Attributes = {
  n: { N: '10' },
  s: { S: 'text' },
  ss: { SS: ['a', 'b'] },
  l: { L: [{ S: '0' }, { S: '1' }, { S: '2' }, { S: '3' }] },
  m: { M: { a: { N: '1' }, b: { M: {} } } },
};
const VALUES: Attributes = {
  ':1': { N: '1' },
  ':x': { S: 'x' },
  ':y': { S: 'y' },
  ':bc': { SS: ['b', 'c'] },
  ':ab': { SS: ['a', 'b'] },
  ':ns': { NS: ['1'] },
  ':l': { L: [{ S: 'x' }] },
};
const NAMES = { '#n': 'n', '#owner': 'owner', '#proto': '__proto__' };

function update(text: string, item: Attributes = ITEM) {
  const parsed = parseUpdate(text, new Placeholders(NAMES, VALUES));
  const before = readItem(item);
  const after = applyUpdate(before, parsed);
  return { after: showItem(after), changed: showItem(project(after, parsed)), old: showItem(project(before, parsed)) };
}

const list = (...elements: string[]): AttributeValue => ({ L: elements.map((S) => ({ S })) });

describe('an update', () => {
  it.each<[string, Attributes]>([
    ['SET s = :x', { s: { S: 'x' } }],
    ['set s = :x, fresh = :1', { s: { S: 'x' }, fresh: { N: '1' } }],
    ['SET #owner = :x', { owner: { S: 'x' } }],
    ['SET n = n + :1', { n: { N: '11' } }],
    ['SET n = n - :1', { n: { N: '9' } }],
    ['SET n = :1 - #n', { n: { N: '-9' } }],
    ['SET n = if_not_exists(n, :1) + :1', { n: { N: '11' } }],
    ['SET fresh = if_not_exists(fresh, :1) + :1', { fresh: { N: '2' } }],
    ['SET fresh = if_not_exists(fresh, s)', { fresh: { S: 'text' } }],
    ['SET fresh = (n + :1)', { fresh: { N: '11' } }],
    ['SET l = list_append(l, :l)', { l: list('0', '1', '2', '3', 'x') }],
    ['SET l = list_append(:l, l)', { l: list('x', '0', '1', '2', '3') }],
    ['SET fresh = list_append(if_not_exists(fresh, :l), :l)', { fresh: list('x', 'x') }],
    ['SET m.a = :x', { m: { M: { a: { S: 'x' }, b: { M: {} } } } }],
    ['SET m.b.c = :x', { m: { M: { a: { N: '1' }, b: { M: { c: { S: 'x' } } } } } }],
    ['SET l[1] = :x', { l: list('0', 'x', '2', '3') }],
    ['SET l[9] = :y, l[7] = :x', { l: list('0', '1', '2', '3', 'x', 'y') }],
    ['SET s = n, n = s', { s: { N: '10' }, n: { S: 'text' } }],
    ['REMOVE l[1], l[2]', { l: list('0', '3') }],
    ['REMOVE l[9]', {}],
    ['REMOVE l[0] SET l[1] = :x', { l: list('x', '2', '3') }],
    ['REMOVE m.a', { m: { M: { b: { M: {} } } } }],
    ['REMOVE absent', {}],
    ['ADD n :1', { n: { N: '11' } }],
    ['ADD fresh :1', { fresh: { N: '1' } }],
    ['ADD ss :bc', { ss: { SS: ['a', 'b', 'c'] } }],
    ['ADD fresh :bc', { fresh: { SS: ['b', 'c'] } }],
    ['DELETE ss :bc', { ss: { SS: ['a'] } }],
    ['DELETE absent :bc', {}],
    ['ADD n :1 SET fresh = n', { n: { N: '11' }, fresh: { N: '10' } }],
  ])('%s', (text, changes) => {
    expect(update(text).after).toEqual({ ...ITEM, ...changes });
  });

  it.each<[string, string[]]>([
    ['REMOVE s, n', ['s', 'n']],
    ['DELETE ss :ab', ['ss']],
  ])('%s takes attributes away', (text, gone) => {
    expect(update(text).after).toEqual(
      Object.fromEntries(Object.entries(ITEM).filter(([name]) => !gone.includes(name))),
    );
  });

  it('may name an attribute as it likes', () => {
    const { after } = update('SET #proto = :x');
    expect(Object.entries(after)).toContainEqual(['__proto__', { S: 'x' }]);
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
  });

  it('shows what it changed, before and after', () => {
    const { old, changed } = update('SET m.a = :x, m.b.c = :y, l[2] = :x, fresh = :1 REMOVE s');
    expect(old).toEqual({ m: { M: { a: { N: '1' } } }, l: list('2'), s: { S: 'text' } });
    expect(changed).toEqual({
      m: { M: { a: { S: 'x' }, b: { M: { c: { S: 'y' } } } } },
      l: list('x'),
      fresh: { N: '1' },
    });
  });

  it.each([
    ['INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ['SET', 'Syntax error; token: "<EOF>", near: "SET"'],
    ['SET n', 'Syntax error; token: "<EOF>", near: "n"'],
    ['SET n :1', 'Syntax error; token: ":1", near: "n :1"'],
    ['SET n = :1,', 'Syntax error; token: "<EOF>", near: ","'],
    ['SET n = :1 s = :x', 'Syntax error; token: "s", near: ":1 s ="'],
    ['SET n = :1 + :1 + :1', 'Syntax error; token: "+", near: ":1 + :1"'],
    ['ADD n = :1', 'Syntax error; token: "=", near: "n = :1"'],
    ['ADD n n', 'Syntax error; token: "n", near: "n n"'],
    ['SET owner = :x', 'Attribute name is a reserved keyword; reserved keyword: owner'],
    ['SET n = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
    ['SET n = size(n)', 'Invalid function name; function: size'],
    ['SET n = :1 SET s = :x', 'The "SET" section can only be used once in an update expression;'],
    [
      'SET n = if_not_exists(n)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'SET n = if_not_exists(:1, :x)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'SET l = list_append(l, :x)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    ['SET n = n + :x', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'],
    [
      'ADD n :x',
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
    ],
    [
      'DELETE ss :1',
      'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND',
    ],
    [
      'SET n = :1, #n = :x',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]',
    ],
    [
      'SET m.a = :1 REMOVE m',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m]',
    ],
    [
      'SET m.a = :1, m[0] = :x',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m, [0]]',
    ],
    ['SET absent.a = :1', 'The document path provided in the update expression is invalid for update'],
    ['SET s.a = :1', 'The document path provided in the update expression is invalid for update'],
    ['SET m[0] = :1', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE absent.a', 'The document path provided in the update expression is invalid for update'],
    ['SET n = absent', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = absent + :1', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = s + :1', 'An operand in the update expression has an incorrect data type'],
    ['SET l = list_append(s, :l)', 'An operand in the update expression has an incorrect data type'],
    ['ADD s :1', 'An operand in the update expression has an incorrect data type'],
    ['ADD ss :ns', 'An operand in the update expression has an incorrect data type'],
    ['DELETE s :bc', 'An operand in the update expression has an incorrect data type'],
  ])('%s is refused', (text, message) => {
    expect(() => update(text)).toThrow(expect.objectContaining({ name: 'ValidationException', message }));
  });

  it('is refused where it goes beyond the documentation, or deep', () => {
    expect(() => update('ADD m.a :1')).toThrow(/^The embedded account has no ADD on nested attributes/);
    expect(() => update(`SET n = ${'('.repeat(1000)}`)).toThrow(/contains too many operators/);
    expect(() => update(`SET n = ${'if_not_exists(n, '.repeat(400)}`)).toThrow(/contains too many operators/);
  });
});
