import type { Action, Change, Value } from './types.ts';
import { resolveKnown } from './value.ts';

/**
 * What an action changes, as people read it: plans keep references as they are written, so that a review holds when ids come
 * to be known, and what they stand for beside them. What is not known yet stays a reference.
 */
export function withKnown({ bound, changes }: Pick<Action, 'bound' | 'changes'>): readonly Change[] {
  return changes.map((change) => ({ ...change, after: resolveKnown(change.after, attributeOf) as Value }));

  function attributeOf(id: string, attribute: string): Value | undefined {
    return bound[`${id}.${attribute}`] ?? undefined;
  }
}
