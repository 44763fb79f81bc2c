import type { Permission } from '../engine/types.ts';
import { boundaryArn } from '../reconcilers/function/policy.ts';
import type { IamTree } from './tree.ts';

/** What IAM judges by the boundary of the role that is written to (Service Authorization Reference). */
const JUDGED_BY_BOUNDARY: ReadonlySet<string> = new Set(['iam:DeleteRolePolicy', 'iam:PutRolePolicy']);

/** Every role of ours carries the boundary of Settings: the right to write to such roles alone is enough. */
export function onBoundedRole(
  { estate, settings }: Pick<IamTree, 'estate' | 'settings'>,
  account: string,
  permission: Permission,
): Permission {
  const { permissionsBoundary: name } = estate;
  if (name === undefined || permission.context || !JUDGED_BY_BOUNDARY.has(permission.action)) return permission;
  const boundary = boundaryArn(name, { account, region: settings.defaultRegion });
  return { ...permission, context: { 'iam:PermissionsBoundary': boundary } };
}
