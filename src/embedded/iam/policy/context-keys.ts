import { parsePolicy } from './parse.ts';

/** `*`, `?` and `$` stand for themselves. */
const VARIABLE = /\$\{([^{},\s]{2,})[^{}]*\}/g;

/**
 * The condition keys of policies, of conditions and of policy variables, each once and in the order of the text: those
 * of every statement, whatever it is about.
 *
 * @param policies JSON text of identity policies.
 * @throws PolicySyntaxError for a document that IAM would not take.
 */
export function contextKeysOf(policies: readonly string[]): readonly string[] {
  const keys = new Map<string, string>();
  for (const key of policies.flatMap(keysOf)) {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key);
  }
  return [...keys.values()];
}

function keysOf(policy: string): readonly string[] {
  const { version, statements } = parsePolicy(policy, 'identity');
  return statements.flatMap(({ resources, conditions }) => [
    ...(version === '2012-10-17' ? (resources?.patterns ?? []).flatMap(variablesIn) : []),
    ...conditions.flatMap(({ key, values }) => [key, ...(version === '2012-10-17' ? values.flatMap(variablesIn) : [])]),
  ]);
}

function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, key = '']) => key);
}
