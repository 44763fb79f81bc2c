import type { Policy, Role } from '@aws-sdk/client-iam';
import type { CallContext } from '../service.ts';
import { listTags } from '../tags.ts';
import { policyArn, roleArn, roles } from './model.ts';
import type { StoredPolicy, StoredRole } from './model.ts';

/** GetRole and others: documents are "URL-encoded compliant with RFC 3986". */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As in lists: "IAM resource-listing operations return a subset of the available attributes". */
export function listedRole(role: StoredRole): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: roleArn(role),
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

export function shownRole(role: StoredRole): Role {
  const tags = listTags(role.tags);
  return {
    ...listedRole(role),
    ...(role.boundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
        PermissionsBoundaryArn: role.boundary,
      },
    }),
    ...(tags.length > 0 && { Tags: tags }),
    RoleLastUsed: {},
  };
}

/** Policies have one version here: CreatePolicyVersion is not embedded. */
export const ONLY_VERSION = 'v1';

export function shownPolicy(policy: StoredPolicy, context: CallContext): Policy {
  const arn = policyArn(policy);
  const tags = listTags(policy.tags);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: ONLY_VERSION,
    AttachmentCount: rolesWith(context, ({ attached }) => attached.includes(arn)).length,
    PermissionsBoundaryUsageCount: rolesWith(context, ({ boundary }) => boundary === arn).length,
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.created),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

/** Roles of the caller's account. */
export function rolesWith(
  { data, caller }: CallContext,
  isWanted: (role: StoredRole) => boolean,
): readonly StoredRole[] {
  return [...data.entries(roles)]
    .map(([, role]) => role)
    .filter((role) => role.account === caller.account && isWanted(role));
}
