import type { Draft, Permission, Use } from '../engine/types.ts';
import type { RoleProperties } from './aws-iam-role.ts';
import { knownText, permit } from './permissions.ts';
import { absentRoleArn, roleArn } from './role-arns.ts';

export function rolePermissions({ place, properties }: Draft<RoleProperties>, use: Use): readonly Permission[] {
  const { RoleName, Path, PermissionsBoundary: boundary, Description, MaxSessionDuration } = properties;
  const name = knownText(RoleName);
  const bounded = boundary === undefined ? undefined : { 'iam:PermissionsBoundary': knownText(boundary) };
  const onRole = (names: readonly string[], context?: Permission['context']): readonly Permission[] =>
    permit('iam', roleArn(place, knownText(Path), name), names, context);
  const isDescribed = Description !== undefined || MaxSessionDuration !== undefined;
  switch (use) {
    case 'read':
      return [...onRole(['GetRole']), ...permit('iam', absentRoleArn(place, name), ['GetRole'])];
    case 'create':
      return [...onRole(['CreateRole'], bounded), ...onRole(['TagRole'])];
    case 'update':
      return [
        ...onRole(['UpdateAssumeRolePolicy', 'TagRole', 'UntagRole']),
        ...(isDescribed ? onRole(['UpdateRole']) : []),
        ...(bounded ? onRole(['PutRolePermissionsBoundary'], bounded) : []),
      ];
    case 'delete':
      return [
        ...onRole(['ListRolePolicies', 'ListAttachedRolePolicies', 'DeleteRole']),
        ...onRole(['DeleteRolePolicy'], bounded),
      ];
    case 'adopt':
      return onRole(['TagRole']);
    case 'release':
      return onRole(['UntagRole']);
  }
}
