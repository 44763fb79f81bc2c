import { canonical } from '../engine/value.ts';
import type { IamTree } from './tree.ts';
import { applyNeeds, planNeeds } from './needs.ts';
import type { RoleNeed } from './needs.ts';
import { withoutData } from './roles.ts';

/** One permission by which a role's policy differs between two trees. */
export interface RoleChange {
  readonly role: 'plan' | 'apply';
  /** Twelve digits. */
  readonly account: string;
  readonly action: string;
  readonly resource: string;
}

export interface RoleGrowth {
  readonly added: readonly RoleChange[];
  readonly taken: readonly RoleChange[];
}

/** What a change of the tree adds to the policies of the plan and apply roles, and what it takes from them. Sorted. */
export function iamGrowth(before: IamTree, after: IamTree): RoleGrowth {
  const [old, fresh] = [changesOf(before), changesOf(after)];
  return { added: without(fresh, old), taken: without(old, fresh) };
}

function changesOf(tree: IamTree): ReadonlyMap<string, RoleChange> {
  const changes = [...named('plan', withoutData(planNeeds(tree))), ...named('apply', applyNeeds(tree))];
  return new Map(changes.map((change) => [canonical(change), change]));
}

function named(role: RoleChange['role'], needs: readonly RoleNeed[]): readonly RoleChange[] {
  return needs.map(({ account, permission: { action, resource } }) => ({ role, account, action, resource }));
}

function without(all: ReadonlyMap<string, RoleChange>, others: ReadonlyMap<string, RoleChange>): readonly RoleChange[] {
  return [...all]
    .filter(([key]) => !others.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}
