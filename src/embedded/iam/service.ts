import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import { boundaryKey, onBoundedRole, onPolicy, onRole, toCreatePolicy, toCreateRole, toListRoles } from './access.ts';
import { createPolicy, deletePolicy, getPolicy, getPolicyVersion } from './managed-policies.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import {
  attachRolePolicy,
  deleteRolePolicy,
  detachRolePolicy,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
  putRolePolicy,
} from './role-policies.ts';
import { deleteBoundary, listRoleTags, putBoundary, tagRole, untagRole } from './role-settings.ts';
import { createRole, deleteRole, getRole, listRoles, updateRole, updateTrust } from './roles.ts';
import { simulatePrincipalPolicy } from './simulate.ts';

interface OfPolicy {
  readonly RoleName: string | undefined;
  readonly PolicyArn: string | undefined;
}

/** `iam:PolicyARN`: which policy is attached or detached. */
const onAttachment = onBoundedRole<OfPolicy>(({ PolicyArn: arn }) =>
  arn === undefined ? {} : { 'iam:PolicyARN': arn },
);

/** Roles and policies of an account, the same in all regions. New roles are there at once: AWS may take seconds. */
export const iam: Service = {
  eventSource: 'iam.amazonaws.com',
  actionPrefix: 'iam',
  deniedName: 'AccessDenied',
  secretFields: [],
  throttled: throttling,
  operations: {
    AttachRolePolicy: write(attachRolePolicy, onAttachment),
    CreatePolicy: write(createPolicy, toCreatePolicy),
    CreateRole: write(createRole, toCreateRole),
    DeletePolicy: write(deletePolicy, onPolicy),
    DeleteRole: write(deleteRole, onRole()),
    DeleteRolePermissionsBoundary: write(deleteBoundary, onBoundedRole()),
    DeleteRolePolicy: write(deleteRolePolicy, onBoundedRole()),
    DetachRolePolicy: write(detachRolePolicy, onAttachment),
    GetPolicy: read(getPolicy, onPolicy),
    GetPolicyVersion: read(getPolicyVersion, onPolicy),
    GetRole: read(getRole, onRole()),
    GetRolePolicy: read(getRolePolicy, onRole()),
    ListAttachedRolePolicies: read(listAttachedRolePolicies, onRole()),
    ListRolePolicies: read(listRolePolicies, onRole()),
    ListRoleTags: read(listRoleTags, onRole()),
    ListRoles: read(listRoles, toListRoles),
    PutRolePermissionsBoundary: write(
      putBoundary,
      onRole(({ PermissionsBoundary: arn }) => boundaryKey(arn)),
    ),
    PutRolePolicy: write(putRolePolicy, onBoundedRole()),
    SimulatePrincipalPolicy: read(simulatePrincipalPolicy, { resource: ({ PolicySourceArn: arn = '' }) => arn }),
    TagRole: write(
      tagRole,
      onRole(({ Tags }) => requestTagKeys(tagsFrom(Tags))),
    ),
    UntagRole: write(
      untagRole,
      onRole(({ TagKeys }) => requestTagKeys(TagKeys ?? [])),
    ),
    UpdateAssumeRolePolicy: write(updateTrust, onRole()),
    UpdateRole: write(updateRole, onRole()),
  },
};
