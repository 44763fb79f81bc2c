import { canonical, resolveKnown } from './value.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Seen } from './observe.ts';
import type { PlanRun } from './plan.ts';
import type { Removal } from './prune.ts';
import type { Action, Address, Draft, Permission, Use, Verb } from './types.ts';

/** One permission that apply will need, for one document, in one account. */
export interface Need {
  /** Empty: for apply as a whole. */
  readonly document: Address;
  readonly account: string;
  readonly permission: Permission;
}

/** What types call the work of an action. */
const USES: Readonly<Record<Verb, readonly Use[]>> = {
  create: ['create'],
  update: ['update'],
  replace: ['create', 'delete'],
  delete: ['delete'],
  adopt: ['adopt'],
  release: ['release'],
  mark: ['update', 'adopt'],
};

/**
 * What apply will need for the planned actions: every resource of a document with actions is looked at again, and each
 * action makes its own calls. Sorted, each once.
 */
export function needsOf(
  world: Pick<World, 'types'>,
  { plan, documents, removals }: Pick<PlanRun, 'plan' | 'documents' | 'removals'>,
): readonly Need[] {
  const touched = new Set(plan.actions.map(({ document }) => document));
  const declared = [...documents].flatMap(([document, { seen }]) =>
    touched.has(document)
      ? seen.flatMap((resource) => {
          const action = actionOf(plan.actions, resource.address);
          const { account } = resource.desired.place;
          return resourcePermissions(world, resource, seen, action).map((permission) => ({
            document,
            account,
            permission,
          }));
        })
      : [],
  );
  const removed = removals.flatMap((removal) =>
    removalPermissions(world, removal).map((permission) => ({
      document: removal.action.document,
      account: removal.place.account,
      permission,
    })),
  );
  return distinct([...declared, ...removed]);
}

/** What is planned for a declared resource; an object that a document moved away from may have its address. */
export function actionOf(actions: readonly Action[], address: Address): Action | undefined {
  return actions.find(({ id, reason }) => id === address && reason !== 'not-declared');
}

/** What looking at a declared resource takes, and with an action what that takes. */
export function resourcePermissions(
  world: Pick<World, 'types'>,
  resource: Seen,
  siblings: readonly Seen[],
  action: Action | undefined,
): readonly Permission[] {
  // What hangs on an object that is not ours is neither looked at nor written.
  if (resource.withheld) return [];
  return permissionsFor(world, resource.desired.type, knownDraft(resource, siblings), usesOf(action));
}

/** The same of an object that nothing declares. */
export function removalPermissions(
  world: Pick<World, 'types'>,
  { type, target, action }: Removal,
): readonly Permission[] {
  return permissionsFor(world, type, target, usesOf(action));
}

/** Looking comes first, whatever is done then. */
function usesOf(action: Action | undefined): readonly Use[] {
  return ['read', ...(action ? USES[action.action] : [])];
}

function permissionsFor(
  world: Pick<World, 'types'>,
  type: string,
  draft: Draft,
  uses: readonly Use[],
): readonly Permission[] {
  return distinct(uses.flatMap((use) => typeOf(world, type).permissions(draft, use)));
}

/** The draft with its references resolved, as far as what it refers to exists or tells before it does. */
function knownDraft({ draft }: Seen, siblings: readonly Seen[]): Draft {
  const attributes = new Map(siblings.map((seen) => [seen.desired.id, seen.attributes]));
  const properties = resolveKnown(draft.properties, (id, name) => attributes.get(id)?.[name]);
  return { ...draft, properties: properties as Draft['properties'] };
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  const byText = new Map(items.map((item) => [canonical(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
