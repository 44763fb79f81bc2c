import { documentAddress } from './address.ts';
import type { Action, Address, Plan, PlannedDocument } from './types.ts';

const NONE: readonly Action[] = [];
const actionIndexes = new WeakMap<readonly Action[], ReadonlyMap<Address, readonly Action[]>>();
const documentIndexes = new WeakMap<Plan['documents'], ReadonlyMap<Address, PlannedDocument>>();

/**
 * The actions of one document, in their order. They are looked through once, however many documents ask: an estate of a
 * thousand documents has ten thousand actions. The array may not change any more.
 */
export function actionsOf(actions: readonly Action[], document: Address): readonly Action[] {
  let index = actionIndexes.get(actions);
  if (!index) {
    const lists = new Map<Address, Action[]>();
    for (const action of actions) {
      const list = lists.get(action.document);
      if (list) list.push(action);
      else lists.set(action.document, [action]);
    }
    index = lists;
    actionIndexes.set(actions, index);
  }
  return index.get(document) ?? NONE;
}

/** What a plan says of one document; undefined: nothing. The plan may not change any more. */
export function plannedOf({ documents }: Pick<Plan, 'documents'>, address: Address): PlannedDocument | undefined {
  let index = documentIndexes.get(documents);
  if (!index) {
    // Of two with one address the first counts.
    index = new Map(documents.map((document) => [documentAddress(document), document] as const).reverse());
    documentIndexes.set(documents, index);
  }
  return index.get(address);
}
