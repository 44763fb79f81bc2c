import { addressesOf, resourceAddress } from './address.ts';
import { isIn, isMarked, isThere } from './inventory.ts';
import type { Marked, Undeclared } from './inventory.ts';
import type { GuardedPlan } from './estate-guards.ts';
import type { Seen } from './observe.ts';
import { dependenciesOf, inDependencyOrder } from './order.ts';
import { isOurs } from './ownership.ts';
import { countParts, partsOf } from './parts.ts';
import type { Removal } from './prune.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Action, Address, Desired, Document, Place } from './types.ts';

/** What the estate's guards need of a planned document. */
export interface GuardedDocument {
  readonly document: Document;
  readonly resources: readonly Desired[];
  readonly seen: readonly Seen[];
  readonly actions: readonly Action[];
}

/**
 * What carries our marker by kind, declared or not: objects that were seen, and those of one part as one.
 *
 * @param isChange only the documents of a change were looked at: of the others counts what lists have.
 */
export function populationOf(
  world: World,
  runs: readonly GuardedDocument[],
  { candidates, marked }: Undeclared,
  isChange: boolean,
): ReadonlyMap<string, number> {
  const declared = runs.flatMap(({ seen }) =>
    seen
      .filter(({ desired, observation, ownership }) => {
        return isMarked(typeOf(world, desired.type)) && observation.state === 'present' && isOurs(ownership);
      })
      .map(({ address }) => address),
  );
  const partOf = partsOf(world);
  const population = countParts([...declared, ...candidates.map(({ address }) => address)], partOf);
  if (!isChange) return population;
  for (const [kind, count] of countParts([...marked.keys()], partOf)) {
    population.set(kind, Math.max(count, population.get(kind) ?? 0));
  }
  return population;
}

/** Actions on objects that carry protection themselves, by their ids. */
export function protectedActions(runs: readonly GuardedDocument[], removals: readonly Removal[]): ReadonlySet<Address> {
  const declared = runs.flatMap(({ seen }) =>
    seen.flatMap(({ address, observation }) =>
      observation.state === 'present' && observation.protected ? address : [],
    ),
  );
  return new Set([...declared, ...removals.filter(({ isProtected }) => isProtected).map(({ action }) => action.id)]);
}

/** Is an object to be made that says itself whose it is? It may exist already, under another name. */
export function makesMarked(world: World, { actions }: GuardedDocument): boolean {
  return actions.some(({ action, type }) => action === 'create' && isMarked(typeOf(world, type)));
}

function isStatefulCreate(world: World, { action, type }: Action): boolean {
  return action === 'create' && typeOf(world, type).stateful === true;
}

/** Stateful objects that are to be made although something that was made for them is there: they were there once. */
export async function recreationsOf(
  world: World,
  runs: readonly GuardedDocument[],
  marked: Marked,
): Promise<GuardedPlan['recreated']> {
  const suspects = runs.flatMap((run) =>
    run.actions
      .filter((action) => isStatefulCreate(world, action))
      .map((action) => ({ action, dependents: dependentsOf(run, action) })),
  );
  const judged = await Promise.all(
    suspects.map(async ({ action, dependents }) => {
      const isGlobal = typeOf(world, action.type).global === true;
      for (const { evidence, place } of dependents) {
        for (const object of marked.get(evidence) ?? []) {
          // What a document has left behind in another place was made for what it had there.
          const isNear = isGlobal ? object.place.account === place.account : isIn(object, place);
          if (isNear && (await isThere(world, object, evidence))) return [{ action, evidence }];
        }
      }
      return [];
    }),
  );
  return judged.flat();
}

/** What refers to an object, at any remove; under the earlier names of its document too. */
function dependentsOf(
  { document, resources }: GuardedDocument,
  { id }: Action,
): readonly { readonly evidence: Address; readonly place: Place }[] {
  const reached = new Set([id]);
  for (const desired of inDependencyOrder(resources)) {
    const parents = dependenciesOf(desired).map((parent) => resourceAddress(document, parent));
    if (parents.some((parent) => reached.has(parent))) reached.add(resourceAddress(document, desired.id));
  }
  reached.delete(id);
  return resources
    .filter((desired) => reached.has(resourceAddress(document, desired.id)))
    .flatMap(({ id: dependent, place }) => addressesOf(document, dependent).map((evidence) => ({ evidence, place })));
}
