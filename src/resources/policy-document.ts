import { canonical, isJoin, isRef } from '../engine/value.ts';
import type { Value } from '../engine/types.ts';

/** One statement with lists where JSON may have one item or a list; sorted, so that equal meaning is equal text. */
export interface NormalStatement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: Selection;
  /** Undefined in trust policies. */
  readonly resources: Selection | undefined;
  /** `AWS:111122223333`, `Service:lambda.amazonaws.com`, `*`; undefined in policies of a role. */
  readonly principals: Selection | undefined;
  /** `StringEquals aws:sourceaccount = 111122223333`, one for each operator and key. */
  readonly conditions: readonly string[];
}

/** With `except`: everything but these. */
export interface Selection {
  readonly except: boolean;
  readonly items: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The statements of a policy document; references that are not known yet stand as `{Id.Attribute}`. */
export function statementsOf(document: unknown): readonly NormalStatement[] {
  return listOf(fieldsOf(document)['Statement'])
    .map((statement) => normalStatement(fieldsOf(statement)))
    .sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

/**
 * Do two documents say the same? The order of keys, statements and list items does not matter, nor whether one item
 * stands in a list, nor how an account is written: IAM itself turns an account id into the ARN of its root.
 */
export function isSamePolicy(a: unknown, b: unknown): boolean {
  return canonical([versionOf(a), folded(a)]) === canonical([versionOf(b), folded(b)]);
}

/** IAM compares actions without case. */
function folded(document: unknown): readonly NormalStatement[] {
  return statementsOf(document).map((statement) => ({
    ...statement,
    actions: { ...statement.actions, items: statement.actions.items.map((item) => item.toLowerCase()).sort() },
  }));
}

/** A document as it came from IAM: URL-encoded JSON. */
export function decodeDocument(text: string | undefined): Value {
  return JSON.parse(decodeURIComponent(text ?? 'null')) as Value;
}

function versionOf(document: unknown): unknown {
  return fieldsOf(document)['Version'] ?? '2008-10-17';
}

function normalStatement(statement: Fields): NormalStatement {
  return {
    sid: textOf(statement['Sid'] ?? ''),
    effect: textOf(statement['Effect'] ?? ''),
    actions: selectionOf(statement, 'Action') ?? { except: false, items: [] },
    resources: selectionOf(statement, 'Resource'),
    principals: principalsOf(statement),
    conditions: conditionsOf(fieldsOf(statement['Condition'])),
  };
}

function selectionOf(statement: Fields, name: string): Selection | undefined {
  const value = statement[name] ?? statement[`Not${name}`];
  return value === undefined ? undefined : { except: statement[name] === undefined, items: textsOf(value) };
}

function principalsOf(statement: Fields): Selection | undefined {
  const value = statement['Principal'] ?? statement['NotPrincipal'];
  if (value === undefined) return undefined;
  const except = statement['Principal'] === undefined;
  if (value === '*') return { except, items: ['*'] };
  const items = Object.entries(fieldsOf(value)).flatMap(([kind, names]) =>
    textsOf(names).map((name) => shortName(kind, name)),
  );
  return { except, items: items.sort() };
}

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

function shortName(kind: string, name: string): string {
  if (kind === 'AWS' && name === '*') return '*';
  return `${kind}:${kind === 'AWS' ? name.replace(ROOT, '$1') : name}`;
}

function conditionsOf(block: Fields): readonly string[] {
  return Object.entries(block)
    .flatMap(([operator, keys]) =>
      Object.entries(fieldsOf(keys)).map(
        ([key, values]) => `${operator} ${key.toLowerCase()} = ${textsOf(values).join(' | ')}`,
      ),
    )
    .sort();
}

function textsOf(value: unknown): readonly string[] {
  return [...new Set(listOf(value).map(textOf))].sort();
}

function textOf(value: unknown): string {
  if (isRef(value)) return `{${value.$get.join('.')}}`;
  if (isJoin(value)) return value.$join.map(textOf).join('');
  return typeof value === 'string' ? value : canonical(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
