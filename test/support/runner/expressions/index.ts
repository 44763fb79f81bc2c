import { FUNCTIONS } from './functions.ts';
import { asksStatus, parse } from './parse.ts';
import type { Expression } from './parse.ts';
import { compare, equal, textOf, truthy } from './values.ts';

/** How a job went so far. */
export type Status = 'success' | 'failure' | 'cancelled';

export interface Scope {
  /** By context: `github`, `inputs`, `steps`. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Of the job, or of the jobs that it needs. */
  readonly status: Status | 'skipped';
}

const EXPRESSION = /\$\{\{(.*?)\}\}/gs;

/** @throws SyntaxError for what is no expression; ReferenceError for a context or function that there is not */
export function evaluate(text: string, scope: Scope): unknown {
  return valueOf(parse(text), scope);
}

/** A text with its `${{ }}` replaced. */
export function interpolate(text: string, scope: Scope): string {
  return text.replaceAll(EXPRESSION, (_, inner: string) => textOf(evaluate(inner, scope)));
}

/** An `if`, with or without `${{ }}`. Where it asks for no status, it holds only if all went well. */
export function holds(condition: string | boolean | undefined, scope: Scope): boolean {
  if (condition === undefined || condition === '') return scope.status === 'success';
  const text = String(condition).trim();
  const [, inner] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text) ?? [];
  const expression = parse(inner ?? text);
  return (asksStatus(expression) || scope.status === 'success') && truthy(valueOf(expression, scope));
}

function valueOf(expression: Expression, scope: Scope): unknown {
  switch (expression.type) {
    case 'literal':
      return expression.value;
    case 'context':
      if (!Object.hasOwn(scope.contexts, expression.name)) {
        throw new ReferenceError(`there is no context ${expression.name} here`);
      }
      return scope.contexts[expression.name];
    case 'member':
      return member(valueOf(expression.object, scope), valueOf(expression.key, scope));
    case 'not':
      return !truthy(valueOf(expression.operand, scope));
    case 'call':
      return call(expression.name.toLowerCase(), expression.args, scope);
    case 'binary':
      return binary(expression, scope);
  }
}

/** Names are found whatever their case; what is missing is null. */
function member(object: unknown, key: unknown): unknown {
  if (typeof object !== 'object' || object === null) return null;
  if (Array.isArray(object)) return typeof key === 'number' ? (object[key] ?? null) : null;
  const name = textOf(key).toLowerCase();
  const found = Object.entries(object).find(([candidate]) => candidate.toLowerCase() === name);
  return found?.[1] ?? null;
}

function binary({ operator, left, right }: Expression & { type: 'binary' }, scope: Scope): unknown {
  const first = valueOf(left, scope);
  if (operator === '&&') return truthy(first) ? valueOf(right, scope) : first;
  if (operator === '||') return truthy(first) ? first : valueOf(right, scope);
  const second = valueOf(right, scope);
  if (operator === '==') return equal(first, second);
  return operator === '!=' ? !equal(first, second) : compare(operator, first, second);
}

function call(name: string, args: readonly Expression[], scope: Scope): unknown {
  if (name === 'always') return true;
  if (name === 'success' || name === 'failure' || name === 'cancelled') return scope.status === name;
  const callable = FUNCTIONS.get(name);
  if (!callable) throw new ReferenceError(`there is no function ${name}`);
  return callable(...args.map((argument) => valueOf(argument, scope)));
}
