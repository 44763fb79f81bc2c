import { isMissing, numberOf } from './cells.ts';
import { TableError } from './table-error.ts';

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** One comparison of `--where`. */
export interface Comparison {
  /** Of the clinical table. */
  readonly column: string;
  readonly operator: Operator;
  readonly value: number | string;
  /** Where the name of the column begins, 1-based. */
  readonly at: number;
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'operator' | 'end';
  readonly text: string;
  /** 1-based. */
  readonly at: number;
}

const SPACE = /\s/;
const OPERATOR_CHARACTER = /[=!<>]/;
const WORD = /[\p{L}\p{N}_.+-]/u;
const GRAMMAR = "comparisons joined by and, such as: year >= 2009 and er_status = 'Positive'";

/**
 * Reads `column op value`, joined by `and`. A value is a number, or text in quotes; the name of a column with blanks in it
 * stands in quotes, too.
 *
 * @throws TableError with the column of what cannot be read
 */
export function parseWhere(text: string): readonly Comparison[] {
  const tokens = tokensOf(text);
  const comparisons: Comparison[] = [];
  for (let next = 0; ; next += 1) {
    const [column, operator, value, joint] = tokens.slice(next, next + 4);
    if (column === undefined || (column.kind !== 'word' && column.kind !== 'quoted')) {
      throw wrong(column, 'the name of a column is expected');
    }
    if (operator?.kind !== 'operator') throw wrong(operator, `one of ${OPERATORS.join(' ')} is expected`);
    comparisons.push({
      column: column.text,
      operator: operatorOf(operator),
      value: valueOf(value),
      at: column.at,
    });
    if (joint === undefined || joint.kind === 'end') return comparisons;
    if (joint.kind !== 'word' || joint.text.toLowerCase() !== 'and') throw wrong(joint, 'and, or the end, is expected');
    next += 3;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (SPACE.test(character)) {
      at += 1;
      continue;
    }
    const token = isQuote(character) ? quotedAt(text, at) : runAt(text, at);
    tokens.push(token);
    at += token.kind === 'quoted' ? token.text.length + 2 : token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length + 1 }];
}

function isQuote(character: string): boolean {
  return character === "'" || character === '"' || character === '`';
}

function quotedAt(text: string, at: number): Token {
  const end = text.indexOf(text.charAt(at), at + 1);
  if (end === -1)
    throw new TableError(`--where, column ${at + 1}: the quote has no end`, { column: at + 1, hint: GRAMMAR });
  return { kind: 'quoted', text: text.slice(at + 1, end), at: at + 1 };
}

function runAt(text: string, at: number): Token {
  const isOperator = OPERATOR_CHARACTER.test(text.charAt(at));
  const belongs = isOperator ? OPERATOR_CHARACTER : WORD;
  let end = at;
  while (end < text.length && belongs.test(text.charAt(end))) end += 1;
  const run = text.slice(at, end);
  if (run === '') {
    throw new TableError(`--where, column ${at + 1}: ${text.charAt(at)} is not understood`, {
      column: at + 1,
      hint: GRAMMAR,
    });
  }
  if (isOperator) return { kind: 'operator', text: run, at: at + 1 };
  return { kind: Number.isFinite(numberOf(run)) ? 'number' : 'word', text: run, at: at + 1 };
}

function operatorOf(token: Token): Operator {
  const text = token.text === '==' ? '=' : token.text;
  const found = OPERATORS.find((operator) => operator === text);
  if (found === undefined) throw wrong(token, `one of ${OPERATORS.join(' ')} is expected`);
  return found;
}

function valueOf(token: Token | undefined): number | string {
  if (token?.kind === 'number') return numberOf(token.text);
  if (token?.kind === 'quoted') return token.text;
  throw wrong(token, 'a number, or text in quotes, is expected');
}

function wrong(token: Token | undefined, expected: string): TableError {
  const found = token === undefined || token.kind === 'end' ? 'it ends' : `${token.text} stands`;
  const column = token?.at ?? 1;
  return new TableError(`--where, column ${column}: ${expected}, and ${found} there`, { column, hint: GRAMMAR });
}

/**
 * Does a cell meet a comparison? A cell without a value meets none, whatever the operator. Numbers are compared as numbers,
 * text by its code units: dates such as 2009-06-01 come in their order.
 *
 * @returns undefined: a number is compared, and the cell is none
 */
export function meets(cell: string, { operator, value }: Comparison): boolean | undefined {
  if (isMissing(cell)) return false;
  if (typeof value === 'string') return holds(operator, cell < value ? -1 : cell === value ? 0 : 1);
  const number = numberOf(cell);
  if (!Number.isFinite(number)) return undefined;
  return holds(operator, Math.sign(number - value));
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
