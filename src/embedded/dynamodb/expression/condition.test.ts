import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { readItem } from '../value.ts';
import { holds } from './evaluate.ts';
import { parseCondition } from './parse-condition.ts';
import { Placeholders } from './placeholders.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

const ITEM = readItem({
  pk: { S: 'one' },
  n: { N: '10' },
  big: { N: '9007199254740993' },
  s: { S: 'hello' },
  accent: { S: '\u{1f600}' },
  b: { B: octets('hello') },
  yes: { BOOL: true },
  nothing: { NULL: true },
  ss: { SS: ['x', 'y'] },
  ns: { NS: ['1', '2.0'] },
  bs: { BS: [octets('x')] },
  l: { L: [{ N: '1' }, { M: { deep: { S: 'down' } } }] },
  m: { M: { a: { M: { b: { L: [{ S: 'zero' }, { S: 'one' }] } } }, 'a.b': { S: 'dotted' } } },
});

const NAMES = { '#s': 's', '#dotted': 'a.b', '#missing': 'constructor', '#order': 'order', '#b': 'b' };
const VALUES: Record<string, AttributeValue> = {
  ':5': { N: '5' },
  ':10': { N: '10.0' },
  ':20': { N: '2e1' },
  ':big': { N: '9007199254740992' },
  ':0': { N: '0' },
  ':2': { N: '2' },
  ':he': { S: 'he' },
  ':hello': { S: 'hello' },
  ':help': { S: 'help' },
  ':x': { S: 'x' },
  ':S': { S: 'S' },
  ':N': { S: 'N' },
  ':Q': { S: 'Q' },
  ':heb': { B: octets('he') },
  ':xb': { B: octets('x') },
  ':yes': { BOOL: true },
  ':yx': { SS: ['y', 'x'] },
  ':ns': { NS: ['2', '1'] },
  ':list': { L: [{ N: '1.0' }, { M: { deep: { S: 'down' } } }] },
  ':m': { M: { deep: { S: 'down' } } },
  ':one': { S: 'one' },
  ':ffff': { S: '￿' },
  ':null': { NULL: true },
};

function judge(text: string): boolean {
  return holds(parseCondition(text, new Placeholders(NAMES, VALUES)), ITEM);
}

describe('a condition', () => {
  it.each([
    // comparators
    ['n = :10', true],
    ['n <> :10', false],
    ['n < :20', true],
    ['n <= :10', true],
    ['n > :5', true],
    ['n >= :20', false],
    ['big > :big', true],
    ['big = :big', false],
    [':5 < n', true],
    ['s < :help', true],
    ['s = :hello', true],
    ['accent > :ffff', true],
    ['b > :heb', true],
    ['yes = :yes', true],
    ['nothing = :null', true],
    ['ss = :yx', true],
    ['ns = :ns', true],
    ['l = :list', true],
    ['l[1] = :m', true],
    // types differ, or nothing is there
    ['n = :hello', false],
    ['n <> :hello', true],
    ['n < :hello', false],
    ['s < b', false],
    ['absent = :5', false],
    ['absent <> :5', true],
    ['absent < :5', false],
    ['absent >= :5', false],
    ['absent = gone', false],
    ['absent <> gone', true],
    // paths
    ['m.a.b[1] = :one', true],
    ['m.a.b[2] = :one', false],
    ['m.#dotted <> :one', true],
    ['attribute_exists(m.#dotted)', true],
    ['attribute_exists(m.a.#b[0])', true],
    ['attribute_exists(m . a . #b [ 0 ])', true],
    ['attribute_exists(s.a)', false],
    ['attribute_exists(l[7])', false],
    ['attribute_exists(l.a)', false],
    ['attribute_exists(m[0])', false],
    // functions
    ['attribute_exists(pk)', true],
    ['attribute_exists(#missing)', false],
    ['attribute_not_exists(#missing)', true],
    ['attribute_not_exists(pk)', false],
    ['attribute_exists(nothing)', true],
    ['attribute_type(#s, :S)', true],
    ['attribute_type(#s, :N)', false],
    ['attribute_type(absent, :N)', false],
    ['begins_with(s, :he)', true],
    ['begins_with(s, :x)', false],
    ['begins_with(b, :heb)', true],
    ['begins_with(b, :he)', false],
    ['begins_with(n, :he)', false],
    ['begins_with(absent, :he)', false],
    ['contains(s, :he)', true],
    ['contains(s, :x)', false],
    ['contains(b, :heb)', true],
    ['contains(ss, :x)', true],
    ['contains(ss, :he)', false],
    ['contains(ns, :2)', true],
    ['contains(bs, :xb)', true],
    ['contains(l, :m)', true],
    ['contains(l, :5)', false],
    ['contains(n, :x)', false],
    ['contains(absent, :x)', false],
    ['size(s) = :5', true],
    ['size(b) = :5', true],
    ['size(ss) = :2', true],
    ['size(l) >= :2', true],
    ['size(m) = :2', true],
    ['size(m.a.b) = :2', true],
    ['size(n) >= :0', false],
    ['size(absent) >= :0', false],
    ['size(s) IN (:10, :5)', true],
    // BETWEEN and IN
    ['n BETWEEN :5 AND :20', true],
    ['n between :10 and :10', true],
    ['n BETWEEN :0 AND :5', false],
    ['absent BETWEEN :0 AND :5', false],
    ['n BETWEEN :5 AND :20 AND s = :hello', true],
    ['n IN (:5, :10)', true],
    ['n IN (:5)', false],
    ['s in (:he , :hello)', true],
    ['absent IN (:5)', false],
    // precedence and parentheses
    ['n = :5 OR n = :10 AND s = :x', false],
    ['n = :10 OR n = :5 AND s = :x', true],
    ['(n = :10 OR n = :5) AND s = :x', false],
    ['NOT n = :5 AND s = :hello', true],
    ['NOT (n = :5 OR s = :hello)', false],
    ['NOT NOT n = :10', true],
    ['not n in (:5) or n = :0', true],
    ['(n) = (:10)', true],
    ['(attribute_exists(pk)) AND ((n = :5) OR (n = :10))', true],
    ['\n\tn\t=\n:10 ', true],
  ])('%s: %s', (text, expected) => {
    expect(judge(text)).toBe(expected);
  });

  it.each([
    ['n', 'Syntax error; token: "<EOF>", near: "n"'],
    ['n =', 'Syntax error; token: "<EOF>", near: "="'],
    ['n = = :5', 'Syntax error; token: "=", near: "= = :5"'],
    ['n = :5 :10', 'Syntax error; token: ":10", near: ":5 :10"'],
    ['n == :5', 'Syntax error; token: "=", near: "== :5"'],
    ['(n = :5', 'Syntax error; token: "<EOF>", near: ":5"'],
    ['n = :5)', 'Syntax error; token: ")", near: ":5)"'],
    ['n = :5 AND', 'Syntax error; token: "<EOF>", near: "AND"'],
    ['AND n = :5', 'Syntax error; token: "AND", near: "AND n"'],
    ['NOT', 'Syntax error; token: "<EOF>", near: "NOT"'],
    ['n BETWEEN :5', 'Syntax error; token: "<EOF>", near: ":5"'],
    ['n BETWEEN :5 OR :20', 'Syntax error; token: "OR", near: ":5 OR :20"'],
    ['n IN :5', 'Syntax error; token: ":5", near: "IN :5"'],
    ['n IN ()', 'Syntax error; token: ")", near: "()"'],
    ['l[x] = :5', 'Syntax error; token: "x", near: "[x]"'],
    ['m. = :5', 'Syntax error; token: "=", near: ". = :5"'],
    ["n = '5'", 'Syntax error; token: "\'", near: "= \'5"'],
    ['n = 5', 'Syntax error; token: "5", near: "= 5"'],
    ['_n = :5', 'Syntax error; token: "_", near: "_n"'],
    ['(n = :5) = :10', 'Syntax error; token: "=", near: ") = :10"'],
    ['order = :5', 'Attribute name is a reserved keyword; reserved keyword: order'],
    ['m.order = :5', 'Attribute name is a reserved keyword; reserved keyword: order'],
    ['#nobody = :5', 'An expression attribute name used in the document path is not defined; attribute name: #nobody'],
    ['n = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
    ['exists(n)', 'Invalid function name; function: exists'],
    ['Attribute_exists(n)', 'Invalid function name; function: Attribute_exists'],
    ['constructor(n)', 'Invalid function name; function: constructor'],
    [
      'contains(n)',
      'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
    ],
    ['attribute_exists(:5)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      'attribute_type(n, :5)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
    ],
    [
      'attribute_type(n, :Q)',
      'Invalid attribute type name found; type: Q, valid types: {B,BOOL,BS,L,M,N,NS,NULL,S,SS}',
    ],
    [
      'begins_with(s, :5)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    ['size(:5) = :5', 'Incorrect operand type for operator or function; operator or function: size, operand type: N'],
    ['n < :yes', 'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'],
    [
      'contains(#s, s)',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [s]',
    ],
    [
      'm.a.b[0] = m.a.b[0]',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [m, a, b, [0]]',
    ],
    ['size(n)', 'The function is not allowed to be used this way in an expression; function: size'],
    ['size(n) AND n = :5', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(n) = :yes',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    ['n = contains(s, :x)', 'The function is not allowed to be used this way in an expression; function: contains'],
    ['((n = :5))', 'The expression has redundant parentheses;'],
    ['((n)) = :5', 'The expression has redundant parentheses;'],
    ['NOT ((attribute_exists(n)))', 'The expression has redundant parentheses;'],
    [
      'n BETWEEN :20 AND :5',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:20}, upper bound operand: AttributeValue: {N:5}',
    ],
    [
      'n BETWEEN :5 AND :he',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:he}',
    ],
    [
      `n IN (${Array.from({ length: 101 }, () => ':5').join()})`,
      'The IN operator is provided with too many operands; number of operands: 101',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => judge(text)).toThrow(expect.objectContaining({ name: 'ValidationException', message }));
  });

  it('may be long, not deep', () => {
    expect(judge(Array.from({ length: 250 }, () => 'n = :10').join(' AND '))).toBe(true);
    for (const open of ['(', 'NOT ', 'size(']) {
      expect(() => judge(`${open.repeat(1000)}n`)).toThrow(/contains too many operators/);
    }
  });
});

it('names and values are told apart from what no expression uses', () => {
  const used = new Placeholders({ '#s': 's', '#t': 't' }, { ':5': { N: '5' }, ':x': { S: '' } });
  parseCondition('#s = :5', used);
  expect(() => {
    used.checkAllUsed();
  }).toThrow('Value provided in ExpressionAttributeNames unused in expressions: keys: {#t}');
  parseCondition('#t = :5', used);
  expect(() => {
    used.checkAllUsed();
  }).toThrow('Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}');
  parseCondition('#t = :x', used);
  used.checkAllUsed();
});
