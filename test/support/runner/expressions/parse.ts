import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

export type Expression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'context'; readonly name: string }
  | { readonly type: 'member'; readonly object: Expression; readonly key: Expression }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly type: 'not'; readonly operand: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Loosest first (docs.github.com, *Expressions*, Operators). */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

/** @throws SyntaxError */
export function parse(text: string): Expression {
  const tokens = tokensOf(text);
  let position = 0;

  const peek = (): Token | undefined => tokens[position];
  const isMark = (mark: string): boolean => {
    const token = peek();
    return token?.type === 'mark' && token.text === mark;
  };
  const take = (): Token => {
    const token = peek();
    if (!token) throw new SyntaxError(`expression ends too early: ${text}`);
    position += 1;
    return token;
  };
  const expect = (mark: string): void => {
    if (!isMark(mark)) throw new SyntaxError(`expression lacks ${mark}: ${text}`);
    position += 1;
  };

  function level(index: number): Expression {
    const operators = LEVELS[index];
    if (!operators) return unary();
    let left = level(index + 1);
    for (let token = peek(); token?.type === 'mark' && operators.includes(token.text); token = peek()) {
      position += 1;
      left = { type: 'binary', operator: token.text, left, right: level(index + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (!isMark('!')) return members(primary());
    position += 1;
    return { type: 'not', operand: unary() };
  }

  function members(start: Expression): Expression {
    let object = start;
    for (;;) {
      if (isMark('.')) {
        position += 1;
        const name = take();
        if (name.type !== 'name') throw new SyntaxError(`expression has no name after a dot: ${text}`);
        object = { type: 'member', object, key: { type: 'literal', value: name.text } };
      } else if (isMark('[')) {
        position += 1;
        object = { type: 'member', object, key: level(0) };
        expect(']');
      } else return object;
    }
  }

  function primary(): Expression {
    const token = take();
    if (token.type === 'literal') return token;
    if (token.type === 'mark') {
      if (token.text !== '(') throw new SyntaxError(`expression: unexpected ${token.text} in ${text}`);
      const inner = level(0);
      expect(')');
      return inner;
    }
    if (!isMark('(')) return { type: 'context', name: token.text };
    position += 1;
    const args: Expression[] = [];
    while (!isMark(')')) {
      if (args.length > 0) expect(',');
      args.push(level(0));
    }
    expect(')');
    return { type: 'call', name: token.text, args };
  }

  const expression = level(0);
  if (position < tokens.length) throw new SyntaxError(`expression goes on after its end: ${text}`);
  return expression;
}

/** Does it call a status function, which takes the place of the `success()` that every condition has? */
export function asksStatus(expression: Expression): boolean {
  switch (expression.type) {
    case 'call':
      return /^(?:success|failure|always|cancelled)$/i.test(expression.name) || expression.args.some(asksStatus);
    case 'binary':
      return asksStatus(expression.left) || asksStatus(expression.right);
    case 'member':
      return asksStatus(expression.object) || asksStatus(expression.key);
    case 'not':
      return asksStatus(expression.operand);
    case 'literal':
    case 'context':
      return false;
  }
}
