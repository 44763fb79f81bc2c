import type { ConditionKeys } from '../../service.ts';
import type { Condition } from './document.ts';
import type { Operator } from './operators.ts';
import type { VariableLookup } from './pattern.ts';

/** Condition keys of a request, looked up without case. */
export class RequestKeys {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(keys: ConditionKeys) {
    this.#values = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  }

  /** None: the request does not have the key. */
  values(key: string): readonly string[] {
    return this.#values.get(key.toLowerCase()) ?? [];
  }

  /** What a policy variable becomes: a key with several values cannot be one. */
  readonly single: VariableLookup = (key) => {
    const values = this.values(key);
    return values.length === 1 ? values[0] : undefined;
  };
}

/** All conditions of a statement must hold. */
export function holdsAll(
  conditions: readonly Condition[],
  keys: RequestKeys,
  lookup: VariableLookup | undefined,
): boolean {
  return conditions.every((condition) => holds(condition, keys.values(condition.key), lookup));
}

/** One operator with one key: its values are alternatives; for a negated operator none of them may match. */
function holds(
  { operator, values }: Condition,
  actual: readonly string[],
  lookup: VariableLookup | undefined,
): boolean {
  const { test } = operator;
  if (test === 'presence') {
    return values.some((wanted) => (wanted.toLowerCase() === 'true') === (actual.length === 0));
  }
  if (actual.length === 0) return holdsWithoutKey(operator);
  const fits = (value: string): boolean => values.some((wanted) => test(value, wanted, lookup)) !== operator.negated;
  if (operator.set === 'all') return actual.every(fits);
  if (operator.set === 'any') return actual.some(fits);
  return operator.negated ? actual.every(fits) : actual.some(fits);
}

/** A missing key: negated operators, ForAllValues and …IfExists hold, all others do not. */
function holdsWithoutKey({ ifExists, set, negated }: Operator): boolean {
  if (ifExists || set === 'all') return true;
  return set === 'any' ? false : negated;
}
