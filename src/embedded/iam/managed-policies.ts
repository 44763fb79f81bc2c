import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
} from '@aws-sdk/client-iam';
import type { CallContext } from '../service.ts';
import { demand } from './authorize.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity, noSuchPolicy } from './errors.ts';
import { addTags, checkDescription, checkDocument, checkName, checkPath, countedSize } from './input.ts';
import { nameKey, newId, policies, policyArn, policyOfArn } from './model.ts';
import type { StoredPolicy } from './model.ts';
import { MAX_POLICY_NAME } from './role-policies.ts';
import { ONLY_VERSION, encodeDocument, rolesWith, shownPolicy } from './shown.ts';

/** IAM User Guide, "IAM and AWS STS quotas": a managed policy. */
const MAX_POLICY_CHARACTERS = 6144;

export function createPolicy(input: CreatePolicyRequest, context: CallContext): CreatePolicyResponse {
  const { data, caller, now } = context;
  const name = checkName('policyName', input.PolicyName, MAX_POLICY_NAME);
  const description = checkDescription(input.Description);
  const policy: StoredPolicy = {
    account: caller.account,
    name,
    path: checkPath(input.Path),
    id: newId('ANPA', context),
    created: now,
    document: checkDocument('policyDocument', input.PolicyDocument, 'identity'),
    ...(description !== undefined && { description }),
    tags: addTags({}, input.Tags),
  };
  if (input.Tags?.length) demand({ action: 'iam:TagPolicy', resources: [policyArn(policy)], conditions: {} }, context);
  if (countedSize(policy.document) > MAX_POLICY_CHARACTERS) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MAX_POLICY_CHARACTERS}`);
  }
  if (data.get(policies, nameKey(caller.account, name)) !== undefined) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  data.put(policies, nameKey(caller.account, name), policy);
  return { Policy: shownPolicy(policy, context) };
}

/** @throws NoSuchEntity; policies of other accounts do not exist for the caller. */
function visiblePolicy(arn: string | undefined, { data, caller }: CallContext): StoredPolicy {
  const policy = policyOfArn(arn ?? '', data);
  if (policy === undefined || ![caller.account, 'aws'].includes(policy.account)) throw noSuchPolicy(arn);
  return policy;
}

export function getPolicy(input: GetPolicyRequest, context: CallContext): GetPolicyResponse {
  return { Policy: shownPolicy(visiblePolicy(input.PolicyArn, context), context) };
}

export function getPolicyVersion(input: GetPolicyVersionRequest, context: CallContext): GetPolicyVersionResponse {
  const policy = visiblePolicy(input.PolicyArn, context);
  if (input.VersionId !== ONLY_VERSION) {
    throw noSuchEntity(`Policy ${input.PolicyArn} version ${input.VersionId} does not exist or is not attachable.`);
  }
  return {
    PolicyVersion: {
      Document: encodeDocument(policy.document),
      VersionId: ONLY_VERSION,
      IsDefaultVersion: true,
      CreateDate: new Date(policy.created),
    },
  };
}

export function deletePolicy(input: DeletePolicyRequest, context: CallContext): object {
  const policy = visiblePolicy(input.PolicyArn, context);
  const arn = policyArn(policy);
  const users = rolesWith(context, ({ attached, boundary }) => attached.includes(arn) || boundary === arn);
  if (users.length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
  context.data.delete(policies, nameKey(policy.account, policy.name));
  return {};
}
