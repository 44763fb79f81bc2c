import type { Tag } from '@aws-sdk/client-iam';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { findRole, policyArn, policyOfArn, roleArn } from './model.ts';
import type { StoredRole } from './model.ts';
import { resourceTagKeys, requestTagKeys, tagsFrom } from '../tags.ts';

/** Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access Management". */

interface RoleInput {
  readonly RoleName?: string | undefined;
}

function roleOf({ RoleName: name = '' }: RoleInput, { data, caller }: CallContext): StoredRole | undefined {
  return findRole(data, caller.account, name);
}

/** An action on a role that is there; while it is not, its ARN has no path. */
export function onRole<Input extends RoleInput>(
  more: (input: Input, role: StoredRole | undefined) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    resource(input, context) {
      const { RoleName: name = '' } = input;
      return roleArn(roleOf(input, context) ?? { account: context.caller.account, path: '/', name });
    },
    conditions(input, context) {
      const role = roleOf(input, context);
      const tags = Object.entries(role?.tags ?? {}).map(([key, value]) => [`iam:ResourceTag/${key}`, value]);
      return { ...resourceTagKeys(role?.tags), ...(Object.fromEntries(tags) as ConditionKeys), ...more(input, role) };
    },
  };
}

interface NewRole extends RoleInput {
  readonly Path?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

export const toCreateRole: Access<NewRole> = {
  resource: ({ RoleName: name = '', Path: path = '/' }, { caller }) => roleArn({ account: caller.account, path, name }),
  conditions: ({ PermissionsBoundary: boundary, Tags }) => ({
    ...boundaryKey(boundary),
    ...requestTagKeys(tagsFrom(Tags)),
  }),
};

/** The boundary that a role has: a change of its policies may be allowed only with it. */
export function onBoundedRole<Input extends RoleInput>(
  more: (input: Input) => ConditionKeys = () => ({}),
): Access<Input> {
  return onRole((input, role) => ({ ...boundaryKey(role?.boundary), ...more(input) }));
}

/** Only of the request, or of the role where the request names none. */
export function boundaryKey(arn: string | undefined): ConditionKeys {
  return arn === undefined ? {} : { 'iam:PermissionsBoundary': arn };
}

export const toListRoles: Access<{ readonly PathPrefix?: string | undefined }> = {
  resource: ({ PathPrefix: path = '/' }, { caller }) => `arn:aws:iam::${caller.account}:role${path}`,
};

interface NewPolicy {
  readonly PolicyName?: string | undefined;
  readonly Path?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

export const toCreatePolicy: Access<NewPolicy> = {
  resource: ({ PolicyName: name = '', Path: path = '/' }, { caller }) =>
    policyArn({ account: caller.account, path, name }),
  conditions: ({ Tags }) => requestTagKeys(tagsFrom(Tags)),
};

export const onPolicy: Access<{ readonly PolicyArn?: string | undefined }> = {
  resource: ({ PolicyArn: arn = '' }) => arn,
  conditions: ({ PolicyArn: arn = '' }, { data }) => resourceTagKeys(policyOfArn(arn, data)?.tags),
};
