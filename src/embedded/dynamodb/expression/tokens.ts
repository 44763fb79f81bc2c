import { remembered } from '../../remembered.ts';
import { validation } from '../errors.ts';

/** `word` are names and keywords, `alias` is `#name`, `placeholder` is `:value`; `other` is what no expression has. */
export interface Token {
  readonly kind: 'word' | 'alias' | 'placeholder' | 'number' | 'symbol' | 'other' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z]\w*)|(?<alias>#\w+)|(?<placeholder>:\w+)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>()[\],.+-])|(?<other>\S))/dy;

const END = '<EOF>';

/** Words that are no names of attributes where a condition may stand. */
const KEYWORDS: readonly string[] = ['AND', 'BETWEEN', 'IN', 'NOT', 'OR'];

export function isKeyword({ kind, text }: Token): boolean {
  return kind === 'word' && KEYWORDS.includes(text.toUpperCase());
}

/** "Constraints in Amazon DynamoDB", Expression parameters: 300 operators or functions. */
const MAX_DEPTH = 300;

/** A client sends the same few expressions with each call. */
const MOST_EXPRESSIONS = 500;

export const tokenize = remembered(MOST_EXPRESSIONS, (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [kind, found] = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
    const [start, end] = (kind !== undefined && match.indices?.groups?.[kind]) || [0, 0];
    tokens.push({ kind: kind as Token['kind'], text: found ?? '', start, end });
  }
  return [...tokens, { kind: 'end', text: END, start: text.length, end: text.length }];
});

/** The tokens of one expression, taken from the left. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  /** The token that comes next, or one behind it. */
  peek(ahead: number = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? FALLBACK;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  /** Is a keyword next? They are not case-sensitive. */
  isAtWord(keyword: string): boolean {
    return this.peek().kind === 'word' && this.peek().text.toUpperCase() === keyword;
  }

  isAtSymbol(symbol: string): boolean {
    return this.peek().kind === 'symbol' && this.peek().text === symbol;
  }

  takeWord(keyword: string): boolean {
    const isThere = this.isAtWord(keyword);
    if (isThere) this.next();
    return isThere;
  }

  takeSymbol(symbol: string): boolean {
    const isThere = this.isAtSymbol(symbol);
    if (isThere) this.next();
    return isThere;
  }

  /** @throws ValidationException when something else comes next. */
  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.syntaxError();
  }

  expectWord(keyword: string): void {
    if (!this.takeWord(keyword)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw this.syntaxError();
  }

  /** Reads what is inside of something. @throws ValidationException when that goes too deep. */
  nested<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw validation(`The expression contains too many operators; operator count: ${this.#depth}`);
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** About the token that comes next, with its neighbours. */
  syntaxError(): Error {
    const token = this.peek();
    const from = this.#tokens[this.#next - 1] ?? token;
    const near = this.#text.slice(from.start, this.peek(1).end);
    return validation(`Syntax error; token: "${token.text}", near: "${near}"`);
  }
}

const FALLBACK: Token = { kind: 'end', text: END, start: 0, end: 0 };
