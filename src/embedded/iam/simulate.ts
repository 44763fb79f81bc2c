import type {
  ContextEntry,
  EvaluationResult,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';
import { serviceError } from '../errors.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { invalidInput, malformedDocument, noSuchRole } from './errors.ts';
import { roleOfArn } from './model.ts';
import { page } from './paging.ts';
import { evaluate } from './policy/evaluate.ts';
import type { Decision, PolicySet } from './policy/evaluate.ts';
import { PolicySyntaxError } from './policy/parse.ts';
import { rightsOfRole } from './rights.ts';

const DECISIONS = { allowed: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;

/** What is not simulated here is refused rather than left out of the answer. */
const NOT_EMBEDDED = ['PolicyExclusionList', 'ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption'];

/** Each action on each resource, by the role's policies, those of the request, and the boundary. */
export function simulatePrincipalPolicy(
  input: SimulatePrincipalPolicyRequest,
  context: CallContext,
): SimulatePolicyResponse {
  const unknown = Object.keys(input).find((field) => NOT_EMBEDDED.includes(field));
  if (unknown !== undefined) {
    throw serviceError('NotEmbedded', `The embedded account simulates no ${unknown}.`);
  }
  const role = roleOfArn(input.PolicySourceArn ?? '', context.data);
  if (role === undefined || role.account !== context.caller.account) throw noSuchRole(input.PolicySourceArn);
  const own = rightsOfRole(role, context.data);
  const boundary = input.PermissionsBoundaryPolicyInputList?.[0] ?? own.boundary;
  const policies = { identity: [...own.identity, ...(input.PolicyInputList ?? [])], boundary };
  const conditions = conditionsOf(input.ContextEntries);
  const results = (input.ActionNames ?? []).flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((resource) => simulate(action, resource, conditions, policies)),
  );
  const numbered = results.map((result, index) => ({ result, key: String(index).padStart(6, '0') }));
  const { items, rest } = page(numbered, input, ({ key }) => key);
  return { EvaluationResults: items.map(({ result }) => result), ...rest };
}

function simulate(action: string, resource: string, conditions: ConditionKeys, policies: PolicySet): EvaluationResult {
  const decision = decide();
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: DECISIONS[decision.effect],
    ...(policies.boundary !== undefined && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: decision.by !== 'boundary' },
    }),
  };

  function decide(): Decision {
    try {
      return evaluate({ action, resource, conditions }, policies);
    } catch (error) {
      if (error instanceof PolicySyntaxError) throw malformedDocument(error.message);
      throw error;
    }
  }
}

function conditionsOf(entries: readonly ContextEntry[] | undefined): ConditionKeys {
  return Object.fromEntries(
    (entries ?? []).map(({ ContextKeyName: key, ContextKeyValues: values }) => {
      if (key === undefined || values === undefined) throw invalidInput('A context entry needs a name and values.');
      return [key, values];
    }),
  );
}
