import type { Action, Plan } from '../../engine/types.ts';
import type { PlanModel } from '../../report/plan-model.ts';
import { recordsOf } from '../../report/records.ts';

/** The kind of record sets. */
export const RECORD = 'record';

/** What a document loses, of one kind of thing. */
export interface Loss {
  readonly document: string;
  /** A resource type, or what bulk content calls itself. */
  readonly kind: string;
  readonly names: readonly string[];
  /** Further ones that the plan only counts. */
  readonly unnamed: number;
}

/** Everything that a plan deletes, by document and kind: objects, those that are replaced, records, bulk content. */
export function lossesOf(plan: Plan, model: PlanModel): readonly Loss[] {
  const losses = new Map<string, { document: string; kind: string; names: string[]; unnamed: number }>();
  const listed = new Set<string>();
  for (const { address, effects } of model.blocks) {
    for (const { remove, records = [] } of effects.flatMap((effect) => recordsOf(effect) ?? [])) {
      if (remove === 0) continue;
      listed.add(address);
      const names = records.filter(({ action }) => action === 'remove').map(({ type, name }) => `${type} ${name}`);
      lossOf(address, RECORD).names.push(...names);
      lossOf(address, RECORD).unnamed += Math.max(remove - names.length, 0);
    }
  }
  for (const action of plan.actions) {
    const { document, type, resource } = action;
    if (action.action === 'delete' || action.action === 'replace') lossOf(document, type).names.push(resource);
    if (listed.has(document) && action.action === 'update') continue;
    for (const [path, deleted] of bulkOf(action)) lossOf(document, path).unnamed += deleted;
  }
  return [...losses.values()];

  function lossOf(document: string, kind: string) {
    const key = `${document} ${kind}`;
    const known = losses.get(key) ?? { document, kind, names: [], unnamed: 0 };
    losses.set(key, known);
    return known;
  }
}

/** Bulk content that goes, by the path of its change. */
function bulkOf({ changes }: Action): readonly (readonly [path: string, deleted: number])[] {
  return changes.flatMap(({ path, extent }) => (extent && extent.delete > 0 ? [[path, extent.delete] as const] : []));
}

export function sizeOfLoss({ names, unnamed }: Loss): number {
  return names.length + unnamed;
}
