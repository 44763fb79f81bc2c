import { documentAddress, documentOf } from '../../engine/address.ts';
import type { Action, Address, Plan } from '../../engine/types.ts';
import type { EstateChange } from '../change.ts';
import type { Project } from '../project.ts';
import type { Selection } from '../selection.ts';
import { slicesOf } from './slices.ts';

/** A part of an approved plan that one look can be about. */
export interface Portion {
  /** The plan, with nothing but the documents of this portion. */
  readonly reviewed: Plan;
  readonly selection: Selection;
  /** Where it removes something: nothing is, from what is only a selection. */
  readonly change?: EstateChange;
}

/**
 * An approved plan in portions that are applied one after the other: one, where its documents fit into one look. What it
 * removes comes last and together, so that guards count all of it.
 *
 * @param isMeant documents of which the plan may be applied
 */
export function portionsOf(
  plan: Plan,
  { documents, estate }: Project,
  isMeant: (document: Address) => boolean,
): Portion[] {
  const actions = plan.actions.filter(({ document }) => isMeant(document));
  const removals = actions.filter(isRemoval);
  const acting = addressesOf(actions);
  const removing = addressesOf(removals);
  const acted = documents.filter((document) => acting.has(documentAddress(document)));
  const slices = slicesOf(acted, estate);
  if (slices.length <= 1) return actions.length === 0 ? [] : [portion(acting)];
  const others = acted.filter((document) => !removing.has(documentAddress(document)));
  return [
    ...slicesOf(others, estate).map((slice) => portion(new Set(slice))),
    ...(removals.length === 0 ? [] : [portion(removing)]),
  ];

  function portion(wanted: ReadonlySet<Address>): Portion {
    const chosen = acted.filter((document) => wanted.has(documentAddress(document)));
    const gone = new Set(removals.filter(({ document }) => wanted.has(document)).map(({ id }) => leaverOf(id)));
    const reviewed = {
      ...plan,
      documents: plan.documents.filter((planned) => wanted.has(documentAddress(planned))),
      actions: actions.filter(({ document }) => wanted.has(document)),
    };
    if (gone.size === 0) return { reviewed, selection: { only: chosen.map(documentAddress) } };
    return { reviewed, selection: {}, change: { documents: chosen, before: undefined, gone } };
  }
}

function addressesOf(actions: readonly Action[]): ReadonlySet<Address> {
  return new Set(actions.map(({ document }) => document));
}

function isRemoval({ action }: Action): boolean {
  return action === 'delete' || action === 'release';
}

/** The document whose marker an object has that goes; another one may speak for it (`speakerOf`). */
function leaverOf(id: Address): Address {
  const [address = ''] = id.split('@');
  return documentOf(address);
}
