import type {
  ContextEntry,
  EvaluationResult,
  ResourceSpecificResult,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { invalidInput, malformedDocument, noSuchRole } from './errors.ts';
import { roleOfArn } from './model.ts';
import { page } from './paging.ts';
import { contextKeysOf } from './policy/context-keys.ts';
import { evaluate } from './policy/evaluate.ts';
import { PolicySyntaxError } from './policy/parse.ts';
import { rightsOf, rightsOfRole, roleArnOf } from './rights.ts';
import type { Rights } from './rights.ts';

const DECISIONS = { allowed: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;

/** From the most to the least restrictive. */
const STRICTNESS = ['explicitDeny', 'implicitDeny', 'allowed'] as const;

/** What is not simulated here is refused rather than left out of the answer. */
const NOT_EMBEDDED = ['PolicyExclusionList', 'ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption'];

/** What the administrator may, and a session of whose role nobody has made. */
const ALL_RIGHTS: Rights = {
  identity: [JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })],
};

/** Each action on each resource, by the role's policies, those of the request, and the boundary. */
export function simulatePrincipalPolicy(
  input: SimulatePrincipalPolicyRequest,
  context: CallContext,
): SimulatePolicyResponse {
  const unknown = Object.keys(input).find((field) => NOT_EMBEDDED.includes(field));
  if (unknown !== undefined) throw notEmbedded(`${unknown} of SimulatePrincipalPolicy`);
  const own = rightsBehind(input.PolicySourceArn ?? '', context);
  const policies = {
    identity: [...own.identity, ...(input.PolicyInputList ?? [])],
    boundary: input.PermissionsBoundaryPolicyInputList?.[0] ?? own.boundary,
    conditions: conditionsOf(input.ContextEntries),
  };
  const numbered = [...(input.ActionNames ?? []).entries()].map(([index, action]) => ({
    action,
    key: String(index).padStart(6, '0'),
  }));
  const { items, rest } = page(numbered, input, ({ key }) => key);
  try {
    const results = items.map(({ action }) => simulate(action, input.ResourceArns ?? [ANY], policies));
    return { EvaluationResults: results, ...rest };
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedDocument(error.message);
    throw error;
  }
}

/** @throws NoSuchEntity for users, and for roles that do not exist, but the caller's own. */
function rightsBehind(arn: string, context: CallContext): Rights {
  const { caller, data } = context;
  const role = roleOfArn(arn, data);
  if (role !== undefined && role.account === caller.account) return rightsOfRole(role, data);
  if (caller.session === undefined && caller.arn === arn) return ALL_RIGHTS;
  if (role === undefined && roleArnOf(caller, data) === arn) return rightsOf(caller, data) ?? ALL_RIGHTS;
  throw noSuchRole(arn);
}

interface Simulated {
  readonly identity: readonly string[];
  readonly boundary: string | undefined;
  readonly conditions: ConditionKeys;
}

const ANY = '*';

/**
 * "To find the decision for a specific resource, use ResourceSpecificResults" (EvaluationResult): above them stand the
 * most restrictive decision and, in the place of the action's ARN template, which is not known here, `*`. Which
 * statements matched is not told either.
 */
function simulate(action: string, resources: readonly string[], policies: Simulated): EvaluationResult {
  const missing = missingKeys(policies);
  const each = resources.map((resource) => simulateOne(action, resource, policies, missing));
  const strictest = STRICTNESS.find((decision) => each.some(({ EvalResourceDecision: one }) => one === decision));
  const isBounded = each.every(({ PermissionsBoundaryDecisionDetail: detail }) => detail?.AllowedByPermissionsBoundary);
  return {
    EvalActionName: action,
    EvalResourceName: ANY,
    EvalDecision: strictest,
    MatchedStatements: [],
    MissingContextValues: [...missing],
    ...(policies.boundary !== undefined && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: isBounded },
    }),
    ResourceSpecificResults: each.filter(({ EvalResourceName: resource }) => resource !== ANY),
  };
}

function simulateOne(
  action: string,
  resource: string,
  { conditions, identity, boundary }: Simulated,
  missing: readonly string[],
): ResourceSpecificResult {
  const request = { action, resource, conditions };
  return {
    EvalResourceName: resource,
    EvalResourceDecision: DECISIONS[evaluate(request, { identity, boundary }).effect],
    MatchedStatements: [],
    MissingContextValues: [...missing],
    ...(boundary !== undefined && {
      PermissionsBoundaryDecisionDetail: {
        AllowedByPermissionsBoundary: evaluate(request, { identity: [boundary] }).effect === 'allowed',
      },
    }),
  };
}

/** AWS names the keys of all policies, also of statements about other actions (boto3 issue 3111). */
function missingKeys({ identity, boundary, conditions }: Simulated): readonly string[] {
  const given = new Set(Object.keys(conditions).map((key) => key.toLowerCase()));
  const policies = boundary === undefined ? identity : [...identity, boundary];
  return contextKeysOf(policies).filter((key) => !given.has(key.toLowerCase()));
}

function conditionsOf(entries: readonly ContextEntry[] | undefined): ConditionKeys {
  return Object.fromEntries(
    (entries ?? []).map(({ ContextKeyName: key, ContextKeyValues: values }) => {
      if (key === undefined || values === undefined) throw invalidInput('A context entry needs a name and values.');
      return [key, values];
    }),
  );
}
