import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleRequest,
} from '@aws-sdk/client-iam';
import { quotasOf } from '../quotas.ts';
import type { CallContext } from '../service.ts';
import { demand } from './authorize.ts';
import { alreadyExists, deleteConflict, limitExceeded } from './errors.ts';
import {
  addTags,
  checkBoundary,
  checkDescription,
  checkDocument,
  checkName,
  checkPath,
  checkSessionSeconds,
  countedSize,
} from './input.ts';
import { findRole, nameKey, newId, ownRole, roleArn, roles, saveRole } from './model.ts';
import type { StoredRole } from './model.ts';
import { page } from './paging.ts';
import { listedRole, rolesWith, shownRole } from './shown.ts';

/** IAM User Guide, "IAM and AWS STS quotas". */
const MAX_TRUST_CHARACTERS = 2048;
export const MAX_ROLE_NAME = 64;

export function createRole(input: CreateRoleRequest, context: CallContext): CreateRoleResponse {
  const { data, caller, now } = context;
  const name = checkName('roleName', input.RoleName, MAX_ROLE_NAME);
  const description = checkDescription(input.Description);
  const boundary = input.PermissionsBoundary === undefined ? undefined : checkBoundary(input.PermissionsBoundary);
  const role: StoredRole = {
    account: caller.account,
    name,
    path: checkPath(input.Path),
    id: newId('AROA', context),
    created: now,
    trust: checkTrust(input.AssumeRolePolicyDocument),
    ...(description !== undefined && { description }),
    maxSessionSeconds: checkSessionSeconds(input.MaxSessionDuration),
    ...(boundary !== undefined && { boundary }),
    tags: addTags({}, input.Tags),
    inline: {},
    attached: [],
  };
  if (input.Tags?.length) {
    // To tag what is created takes both permissions (IAM User Guide, "Tagging IAM roles").
    demand({ action: 'iam:TagRole', resources: [roleArn(role)], conditions: {} }, context);
  }
  if (findRole(data, caller.account, name) !== undefined) throw alreadyExists(`Role with name ${name} already exists.`);
  const quota = quotasOf(data, caller.account).roles;
  if (rolesWith(context, () => true).length >= quota) {
    throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${quota}`);
  }
  saveRole(role, context);
  return { Role: shownRole(role) };
}

function checkTrust(text: string | undefined): string {
  const document = checkDocument('assumeRolePolicyDocument', text, 'trust');
  if (countedSize(document) <= MAX_TRUST_CHARACTERS) return document;
  throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_CHARACTERS}`);
}

export function getRole(input: GetRoleRequest, context: CallContext): GetRoleResponse {
  return { Role: shownRole(ownRole(input.RoleName, context)) };
}

export function listRoles(input: ListRolesRequest, context: CallContext): ListRolesResponse {
  const list = rolesWith(context, ({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { items, rest } = page(list, input, ({ account, name }) => nameKey(account, name));
  return { Roles: items.map(listedRole), ...rest };
}

export function deleteRole(input: DeleteRoleRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  context.data.delete(roles, nameKey(role.account, role.name));
  return {};
}

/** "If you do not specify a value for [MaxSessionDuration], the default value of one hour is applied." */
export function updateRole(input: UpdateRoleRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  const description = checkDescription(input.Description) ?? role.description;
  saveRole(
    {
      ...role,
      ...(description !== undefined && { description }),
      maxSessionSeconds: checkSessionSeconds(input.MaxSessionDuration),
    },
    context,
  );
  return {};
}

export function updateTrust(input: UpdateAssumeRolePolicyRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  saveRole({ ...role, trust: checkTrust(input.PolicyDocument) }, context);
  return {};
}
