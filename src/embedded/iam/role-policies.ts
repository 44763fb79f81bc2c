import type {
  AttachRolePolicyRequest,
  DeleteRolePolicyRequest,
  DetachRolePolicyRequest,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam';
import type { CallContext } from '../service.ts';
import { limitExceeded, noSuchEntity, noSuchPolicy } from './errors.ts';
import { checkDocument, checkName, countedSize } from './input.ts';
import { ownRole, policyOfArn, saveRole } from './model.ts';
import type { StoredRole } from './model.ts';
import { page } from './paging.ts';
import { encodeDocument } from './shown.ts';

/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together; managed policies attached to it. */
const MAX_INLINE_CHARACTERS = 10_240;
const MAX_ATTACHED = 10;
export const MAX_POLICY_NAME = 128;

/** Replaces a policy of this name. */
export function putRolePolicy(input: PutRolePolicyRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  const name = checkName('policyName', input.PolicyName, MAX_POLICY_NAME);
  const inline = { ...role.inline, [name]: checkDocument('policyDocument', input.PolicyDocument, 'identity') };
  const size = Object.values(inline).reduce((sum, document) => sum + countedSize(document), 0);
  if (size > MAX_INLINE_CHARACTERS) {
    throw limitExceeded(`Maximum policy size of ${MAX_INLINE_CHARACTERS} bytes exceeded for role ${role.name}`);
  }
  saveRole({ ...role, inline }, context);
  return {};
}

export function getRolePolicy(input: GetRolePolicyRequest, context: CallContext): GetRolePolicyResponse {
  const role = ownRole(input.RoleName, context);
  const [name, document] = inlinePolicy(role, input.PolicyName);
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
}

function inlinePolicy(role: StoredRole, name: string | undefined): readonly [name: string, document: string] {
  const found = Object.entries(role.inline).find(([known]) => known === name);
  if (found === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return found;
}

export function listRolePolicies(input: ListRolePoliciesRequest, context: CallContext): ListRolePoliciesResponse {
  const names = Object.keys(ownRole(input.RoleName, context).inline).sort();
  const { items, rest } = page(names, input, (name) => name);
  return { PolicyNames: [...items], ...rest };
}

export function deleteRolePolicy(input: DeleteRolePolicyRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  const [name] = inlinePolicy(role, input.PolicyName);
  const inline = Object.fromEntries(Object.entries(role.inline).filter(([known]) => known !== name));
  saveRole({ ...role, inline }, context);
  return {};
}

/** Once more is as good as once. */
export function attachRolePolicy(input: AttachRolePolicyRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  const arn = input.PolicyArn ?? '';
  if (policyOfArn(arn, context.data) === undefined) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
  const attached = [...new Set([...role.attached, arn])].sort();
  if (attached.length > MAX_ATTACHED) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED}`);
  saveRole({ ...role, attached }, context);
  return {};
}

export function detachRolePolicy(input: DetachRolePolicyRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  if (!role.attached.includes(input.PolicyArn ?? '')) throw noSuchPolicy(input.PolicyArn);
  saveRole({ ...role, attached: role.attached.filter((arn) => arn !== input.PolicyArn) }, context);
  return {};
}

export function listAttachedRolePolicies(
  input: ListAttachedRolePoliciesRequest,
  context: CallContext,
): ListAttachedRolePoliciesResponse {
  const list = ownRole(input.RoleName, context)
    .attached.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf('/') + 1) }))
    .filter(({ PolicyArn }) => PolicyArn.slice(PolicyArn.indexOf('/')).startsWith(input.PathPrefix ?? '/'));
  const { items, rest } = page(list, input, ({ PolicyArn }) => PolicyArn);
  return { AttachedPolicies: [...items], ...rest };
}
