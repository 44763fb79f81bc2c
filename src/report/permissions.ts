import type { Effect } from '../engine/types.ts';

/** The data of the effect `iam.permissions`: what a role may do more and less, one line each. */
export interface PermissionsData {
  readonly role: string;
  readonly gains: readonly string[];
  readonly losses: readonly string[];
}

const PERMISSIONS_CODE = 'iam.permissions';

export function permissionsOf({ code, data }: Effect): PermissionsData | undefined {
  return code === PERMISSIONS_CODE && isPermissionsData(data) ? data : undefined;
}

function isPermissionsData(data: object): data is PermissionsData {
  const isWhole = 'role' in data && 'gains' in data && 'losses' in data;
  return isWhole && typeof data.role === 'string' && isTexts(data.gains) && isTexts(data.losses);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** One role once, in the order of its first mention. */
export function permissionsByRole(effects: readonly Effect[]): readonly PermissionsData[] {
  const byRole = new Map<string, PermissionsData>();
  for (const { role, gains, losses } of effects.flatMap((effect) => permissionsOf(effect) ?? [])) {
    const known = byRole.get(role) ?? { role, gains: [], losses: [] };
    byRole.set(role, { role, gains: [...known.gains, ...gains], losses: [...known.losses, ...losses] });
  }
  return [...byRole.values()];
}

/** Between an action and what it is allowed on. */
const ON = ' on ';

/** What stands before an action that a deny takes away or gives back. */
const EFFECT = /^(?:no longer )?denied: /;

/** Actions on the same thing in one line; all of them are said. */
export function groupedGrants(grants: readonly string[]): readonly string[] {
  const groups = new Map<string, { readonly effect: string; readonly target: string; readonly actions: string[] }>();
  for (const grant of grants) {
    const [effect = ''] = EFFECT.exec(grant) ?? [];
    const at = grant.indexOf(ON);
    const end = at < 0 ? grant.length : at;
    const target = grant.slice(end);
    const group = groups.get(effect + target) ?? { effect, target, actions: [] };
    groups.set(effect + target, group);
    group.actions.push(grant.slice(effect.length, end));
  }
  return [...groups.values()].map(({ effect, target, actions }) => `${effect}${actions.join(', ')}${target}`);
}
