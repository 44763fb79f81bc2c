import { canonical, equal } from '../engine/value.ts';
import { applyNeeds, planNeeds } from './needs.ts';
import type { RoleNeed } from './needs.ts';
import { withoutData } from './roles.ts';
import { runtimeRoles } from './runtime.ts';
import type { IamTree } from './tree.ts';

/** One permission by which the policy of a role, or the boundary, differs between two trees. */
export interface RoleChange {
  readonly role: 'plan' | 'apply' | 'boundary';
  /** Twelve digits. */
  readonly account: string;
  readonly action: string;
  readonly resource: string;
}

export interface RoleGrowth {
  readonly added: readonly RoleChange[];
  readonly taken: readonly RoleChange[];
}

/** What a change of the tree adds to the policies that `trueup iam` prints, and what it takes from them. Sorted. */
export function iamGrowth(before: IamTree, after: IamTree): RoleGrowth {
  if (isSame(before, after)) return { added: [], taken: [] };
  const [old, fresh] = [permissionsOf(before), permissionsOf(after)];
  return { added: without(fresh, old), taken: without(old, fresh) };
}

/** Wherever in the files its documents stand. */
function isSame(before: IamTree, after: IamTree): boolean {
  const contents = ({ settings, documents }: IamTree): unknown => [
    settings,
    documents.map(({ source: _where, ...document }) => canonical(document)).sort(),
  ];
  return equal(contents(before), contents(after));
}

function permissionsOf(tree: IamTree): ReadonlyMap<string, RoleChange> {
  const changes = [
    ...named('plan', withoutData(planNeeds(tree))),
    ...named('apply', applyNeeds(tree)),
    ...(tree.estate.permissionsBoundary === undefined ? [] : ofBoundary(tree)),
  ];
  return new Map(changes.map((change) => [canonical(change), change]));
}

function named(role: RoleChange['role'], needs: readonly RoleNeed[]): readonly RoleChange[] {
  return needs.map(({ account, permission: { action, resource } }) => ({ role, account, action, resource }));
}

function ofBoundary(tree: IamTree): readonly RoleChange[] {
  return runtimeRoles(tree).flatMap(({ account, policy }) =>
    policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource = [] }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({ role: 'boundary' as const, account, action, resource })),
      ),
    ),
  );
}

function without(all: ReadonlyMap<string, RoleChange>, others: ReadonlyMap<string, RoleChange>): readonly RoleChange[] {
  return [...all]
    .filter(([key]) => !others.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}
