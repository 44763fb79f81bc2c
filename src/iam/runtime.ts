import type { Value } from '../engine/types.ts';
import { isJoin, isRef } from '../engine/value.ts';
import { IAM_ROLE } from '../resources/aws-iam-role.ts';
import { IAM_ROLE_POLICY } from '../resources/aws-iam-role-policy.ts';
import { roleArn } from '../resources/role-arns.ts';
import { boundaryDenies } from './denies.ts';
import { declaredResources } from './declared.ts';
import type { Declared } from './declared.ts';
import { policyOf } from './policy.ts';
import type { Condition, Policy } from './policy.ts';
import { charactersOf, MOST_CHARACTERS } from './size.ts';
import { statementsOf } from './statements.ts';
import type { Grant } from './statements.ts';
import type { IamTree } from './tree.ts';

/** A role that runs something, as its document is compiled. */
export interface RuntimeRole {
  readonly account: string;
  readonly arn: string;
  readonly trust: Policy;
  /** Of all its policies, in one. What AWS has not named yet is any of its kind. */
  readonly policy: Policy;
}

/** Every role that the tree makes, by ARN. */
export function runtimeRoles(tree: IamTree): readonly RuntimeRole[] {
  const declared = declaredResources(tree);
  const policies = new Map<string, Declared[]>();
  for (const one of declared.filter(({ desired }) => desired.type === IAM_ROLE_POLICY)) {
    policies.set(keyOf(one), [...(policies.get(keyOf(one)) ?? []), one]);
  }
  return declared
    .filter(({ desired }) => desired.type === IAM_ROLE)
    .map((role): RuntimeRole => {
      const { place } = role.desired;
      const own = policies.get(keyOf(role)) ?? [];
      return {
        account: place.account,
        arn: roleArn(place, textOf(role, 'Path'), nameOf(role)),
        trust: documentOf(role, 'AssumeRolePolicyDocument'),
        policy: policyOf(own.flatMap((one) => documentOf(one, 'PolicyDocument').Statement)),
      };
    })
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/**
 * The most that any of these roles may ever do: all that one of them is allowed, and neither a change of identities nor a
 * role that no document names. A boundary is one policy: where it would be too long it names less exactly what is many, one
 * step after the other, until it fits. The roles' own policies stay exact.
 */
export function boundaryOf(roles: readonly RuntimeRole[]): Policy {
  const grants = roles
    .flatMap(({ policy }) => policy.Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource = [], Condition: condition }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource, ...(condition && { condition }) }))),
    );
  const denies = boundaryDenies(
    grants.filter(({ action }) => action === 'sts:AssumeRole').map(({ resource }) => resource),
  );
  let allowed: readonly Grant[] = grants;
  let policy = policyOf([...statementsOf(allowed), ...denies]);
  for (const widen of [anyLog, anyDestination]) {
    if (charactersOf(policy) <= MOST_CHARACTERS) return policy;
    allowed = allowed.map(widen);
    policy = policyOf([...statementsOf(allowed), ...denies]);
  }
  return policy;
}

const LOG_GROUP = /^(arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:\/aws\/lambda\/).+$/;
/** Of a function or queue that a document has for each destination, with the digits by which they are told apart. */
const OF_DESTINATION = /^(arn:[\w-]+:(?:lambda:[\w-]+:\d{12}:function|sqs:[\w-]+:\d{12}):.+?)[0-9a-f]{8}-[0-9a-f]{10}$/;

/** Logs of any function. */
function anyLog(grant: Grant): Grant {
  return { ...grant, resource: grant.resource.replace(LOG_GROUP, '$1*') };
}

/** Functions and queues of any destination of the document, and rows of any: their tables have no others. */
function anyDestination({ action, resource, condition }: Grant): Grant {
  const isRows = action.startsWith('dynamodb:') && JSON.stringify(condition ?? {}).includes('dynamodb:LeadingKeys');
  return {
    action,
    resource: resource.replace(OF_DESTINATION, '$1*'),
    ...(condition && !isRows && { condition }),
  };
}

/** A role's name is once in an account. */
function keyOf(declared: Declared): string {
  return `${declared.desired.place.account} ${nameOf(declared)}`;
}

function nameOf(declared: Declared): string {
  return textOf(declared, 'RoleName');
}

function textOf({ draft }: Declared, property: string): string {
  const value = (draft.properties as Readonly<Record<string, unknown>>)[property];
  return typeof value === 'string' ? value : '*';
}

/** A document of statements, whose lists are lists, with `*` for what only AWS can name. */
function documentOf({ draft }: Declared, property: string): Policy {
  const document = named((draft.properties as Readonly<Record<string, unknown>>)[property]) as {
    readonly Statement: readonly Record<string, Value>[];
  };
  return policyOf(
    document.Statement.map((statement) => ({
      ...statement,
      Effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
      Action: [statement['Action'] ?? []].flat() as readonly string[],
      ...(statement['Condition'] !== undefined && { Condition: statement['Condition'] as Condition }),
    })),
  );
}

function named(value: unknown): unknown {
  if (isRef(value)) return '*';
  if (isJoin(value)) return value.$join.map((part) => (typeof part === 'string' ? part : '*')).join('');
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item)]));
}
