import { refsOf } from './value.ts';
import type { Desired } from './types.ts';

/** Logical ids that must exist before this one. */
export function dependenciesOf(desired: Desired): readonly string[] {
  return [...new Set([...refsOf(desired.properties).map(([id]) => id), ...(desired.after ?? [])])];
}

/**
 * Dependencies first; ties in the order given.
 * @throws Error on a cycle or a reference to nothing: a mistake in a kind, never in a user's file.
 */
export function inDependencyOrder(resources: readonly Desired[]): readonly Desired[] {
  const byId = new Map(resources.map((desired) => [desired.id, desired]));
  const ordered = new Set<Desired>();

  function visit(desired: Desired, path: readonly string[]): void {
    if (path.includes(desired.id))
      throw new Error(`resources depend on each other: ${[...path, desired.id].join(' → ')}`);
    if (ordered.has(desired)) return;
    for (const id of dependenciesOf(desired)) {
      const dependency = byId.get(id);
      if (!dependency) throw new Error(`${desired.id} refers to ${id}, which the kind does not make`);
      visit(dependency, [...path, desired.id]);
    }
    ordered.add(desired);
  }

  for (const desired of resources) visit(desired, []);
  return [...ordered];
}
