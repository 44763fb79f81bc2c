import { documentAddress, documentOf } from '../../engine/address.ts';
import { isRemoval } from '../../engine/estate-guards.ts';
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
 * An approved plan in portions that are applied one after the other: one, where the whole estate fits into one look. Of a
 * larger estate only documents are looked at that the plan changes. What it removes comes last and together, so that
 * guards count all of it.
 *
 * @param isMeant documents of which the plan may be applied
 */
export function portionsOf(
  plan: Plan,
  { documents, estate }: Project,
  isMeant: (document: Address) => boolean,
): readonly Portion[] {
  const actions = plan.actions.filter(({ document }) => isMeant(document));
  if (actions.length === 0) return [];
  if (isOneLook({ documents, estate })) {
    const meant = plan.documents.filter((planned) => isMeant(documentAddress(planned)));
    return [{ reviewed: { ...plan, documents: meant, actions }, selection: {} }];
  }
  const removals = actions.filter(isRemoval);
  const acting = addressesOf(actions);
  const removing = addressesOf(removals);
  const acted = documents.filter((document) => acting.has(documentAddress(document)));
  const others = acted.filter((document) => !removing.has(documentAddress(document)));
  const slices = slicesOf(acted, estate);
  if (slices.length <= 1) return [portion(acting)];
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

/** Is the estate looked at as a whole? Then all that a plan finds is found again. */
export function isOneLook({ documents, estate }: Pick<Project, 'documents' | 'estate'>): boolean {
  return slicesOf(documents, estate).length <= 1;
}

/**
 * Documents that a plan changes and that something stood in the way of when it was made, with what that was. What shows
 * only beside other documents, such as an object that two of them hold, is not seen in a look at some of them.
 */
export function blockedIn({ documents, actions }: Plan): ReadonlyMap<Address, string> {
  const acting = addressesOf(actions);
  return new Map(
    documents.flatMap((planned) => {
      const address = documentAddress(planned);
      const blocking = acting.has(address) && planned.findings.find(({ severity }) => severity === 'blocks');
      return blocking ? [[address, blocking.message] as const] : [];
    }),
  );
}

function addressesOf(actions: readonly Action[]): ReadonlySet<Address> {
  return new Set(actions.map(({ document }) => document));
}

/** The document whose marker an object has that goes; another one may speak for it (`speakerOf`). */
function leaverOf(id: Address): Address {
  const [address = ''] = id.split('@');
  return documentOf(address);
}
