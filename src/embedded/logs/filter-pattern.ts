import { notEmbedded } from '../not-embedded.ts';
import { invalid } from './model.ts';

/** Does a log event's message match? */
export type Filter = (message: string) => boolean;

/**
 * Reads a filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): terms in plain text, and comparisons of
 * JSON properties joined by `&&` or by `||`.
 *
 * @throws InvalidParameterException for a pattern that cannot be read, NotEmbedded for a form that is not embedded.
 */
export function readFilter(pattern: string): Filter {
  const text = pattern.trim();
  if (text.startsWith('[')) throw notEmbedded('filter patterns for space-delimited log events');
  if (text.includes('%')) throw notEmbedded('filter patterns with regular expressions');
  if (text.startsWith('{')) return readJsonFilter(text);
  return readTerms(text);
}

/** A quoted phrase or a word, with `-` to exclude and `?` for one of several. */
const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;
/** "Terms with non-alphanumeric characters must be enclosed in double quotation marks." */
const WORD = /^\w+$/;

function readTerms(text: string): Filter {
  const terms = { '': [] as string[], '-': [] as string[], '?': [] as string[] };
  let at = 0;
  while (at < text.length) {
    TERM.lastIndex = at;
    const [whole, sign = '', phrase, word] = TERM.exec(text) ?? [];
    if (whole === undefined) throw invalid('Invalid filter pattern');
    if (word !== undefined && !WORD.test(word)) throw invalid(`Invalid character(s) in term '${word}'`);
    terms[sign as '' | '-' | '?'].push(word ?? unquote(phrase ?? ''));
    at += whole.length;
  }
  const { '': all, '-': none, '?': any } = terms;
  if (any.length > 0 && all.length + none.length > 0) throw notEmbedded('filter patterns that mix ? with other terms');
  return (message) =>
    all.every((term) => message.includes(term)) &&
    !none.some((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term)));
}

function unquote(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

type Comparison = (root: unknown) => boolean;

const COMPARISON = /^\s*(\$[^\s=!<>]*)\s*(=|!=|<=|>=|<|>)\s*("(?:[^"\\]|\\.)*"|[^\s"&|()]+)\s*$/;
const SELECTOR = /^\$(?:\.[\w-]+|\[\d+\])+$/;

function readJsonFilter(text: string): Filter {
  if (!text.endsWith('}')) throw invalid('Invalid filter pattern');
  const body = text.slice(1, -1);
  const parts = body.split(/(&&|\|\|)/);
  const joints = new Set(parts.filter((_part, index) => index % 2 === 1));
  if (joints.size > 1) throw notEmbedded('filter patterns that mix && and ||');
  const comparisons = parts.filter((_part, index) => index % 2 === 0).map(readComparison);
  return (message) => {
    const root = parse(message);
    if (root === undefined) return false;
    return joints.has('||')
      ? comparisons.some((compare) => compare(root))
      : comparisons.every((compare) => compare(root));
  };
}

function readComparison(text: string): Comparison {
  const [, selector = '', operator = '', operand = ''] = COMPARISON.exec(text) ?? [];
  if (selector === '') throw notEmbedded(`filter patterns such as {${text}}`);
  if (!SELECTOR.test(selector)) throw notEmbedded(`selectors such as ${selector}`);
  const path = selector.match(/(?<![\w-])[\w-]+(?=[.[\]]|$)/g) ?? [];
  const test = operand.startsWith('"')
    ? textTest(unquote(operand.slice(1, -1)), operator)
    : bareTest(operand, operator);
  return (root) => {
    const found = path.reduce<unknown>(propertyOf, root);
    return found !== undefined && test(found);
  };
}

/** A word without quotation marks is a number where it reads as one. */
function bareTest(operand: string, operator: string): (value: unknown) => boolean {
  const number = Number(operand);
  if (Number.isNaN(number)) return textTest(operand, operator);
  return (value) => typeof value === 'number' && compareNumbers(value, operator, number);
}

function compareNumbers(value: number, operator: string, operand: number): boolean {
  if (operator === '=') return value === operand;
  if (operator === '!=') return value !== operand;
  if (operator === '<') return value < operand;
  if (operator === '>') return value > operand;
  return operator === '<=' ? value <= operand : value >= operand;
}

/** `*` stands for any characters. */
function textTest(operand: string, operator: string): (value: unknown) => boolean {
  if (operator !== '=' && operator !== '!=') throw invalid(`Invalid operator ${operator} for a string`);
  const pieces = operand.split('*').map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const matcher = new RegExp(`^${pieces.join('[^]*')}$`);
  return (value) => typeof value === 'string' && matcher.test(value) === (operator === '=');
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
}
