import type { Address } from '../engine/types.ts';

/** Groups what belongs to documents, in the order of first mention. */
export function byDocument<Item extends { readonly document: Address }>(
  items: readonly Item[],
): ReadonlyMap<Address, readonly Item[]> {
  const groups = new Map<Address, Item[]>();
  for (const item of items) {
    const group = groups.get(item.document);
    if (group) group.push(item);
    else groups.set(item.document, [item]);
  }
  return groups;
}
