import { asWritten, oneLookup, removes, tagged, untagged, upperFields, writes } from './reading.ts';
import { HIDDEN } from './types.ts';
import type { Reading, Subject, TrailRow } from './types.ts';

const SOURCE = 'iam.amazonaws.com';

/** `roleName` in the request; other calls about a role of that name are about its policies. */
const created: Reading = (parameters) => {
  const { AssumeRolePolicyDocument, ...fields } = upperFields(parameters);
  return { fields: { ...fields, AssumeRolePolicyDocument } };
};

export const roles: TrailRow = {
  source: SOURCE,
  global: true,
  lookups: (subject) => oneLookup(subject, subject.resource),
  writes: {
    CreateRole: created,
    DeleteRole: removes,
    DeleteRolePermissionsBoundary: writes(() => ({ PermissionsBoundary: null })),
    PutRolePermissionsBoundary: asWritten,
    TagRole: tagged,
    UntagRole: untagged,
    UpdateAssumeRolePolicy: writes(({ policyDocument }) => ({ AssumeRolePolicyDocument: policyDocument })),
    UpdateRole: asWritten,
    UpdateRoleDescription: asWritten,
  },
};

/** Path of the difference that tells of policies of others on our role. */
const OTHERS = 'OtherPolicies';

/** `ROLE/POLICY`: its events are found by the role. */
export const rolePolicies: TrailRow = {
  source: SOURCE,
  global: true,
  apart: true,
  lookups: (subject) => oneLookup(subject, subject.resource.split('/')[0]),
  writes: {
    DeleteRole: removes,
    DeleteRolePolicy: ({ policyName }, subject) =>
      policyName === policyOf(subject) ? { fields: {}, removed: true } : undefined,
    PutRolePolicy: ({ policyName, policyDocument }, subject) => ({
      fields:
        policyName === policyOf(subject)
          ? { PolicyDocument: policyDocument }
          : { [OTHERS]: foundAmong(subject, policyName) },
    }),
  },
};

function policyOf({ resource }: Subject): string {
  return resource.slice(resource.indexOf('/') + 1);
}

/** What is found, if this name is in it: the request holds a part of a list. */
function foundAmong({ changes }: Subject, name: unknown): unknown {
  const found = changes.find(({ path }) => path === OTHERS)?.before;
  return Array.isArray(found) && found.some((policy) => policy === name) ? found : HIDDEN;
}
