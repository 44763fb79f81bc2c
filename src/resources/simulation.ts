import { GetRoleCommand, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import type { EvaluationResult, IAMClient, ResourceSpecificResult } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Aws } from '../aws/clients.ts';
import { canonical } from '../engine/value.ts';
import type { Permission, Place } from '../engine/types.ts';
import { iamOf } from './iam-client.ts';
import { simulationsOf } from './simulation-questions.ts';
import type { SimulationQuestion } from './simulation-questions.ts';

/** What stands in the way of one call. */
export type Obstacle = 'not-allowed' | 'denied' | 'boundary' | 'organization';

export interface Denial {
  readonly permission: Permission;
  readonly by: Obstacle;
}

export interface Simulated {
  readonly denials: readonly Denial[];
  /** Condition keys of the principal's policies of which the simulation knew no value. Sorted. */
  readonly missingKeys: readonly string[];
}

/**
 * Asks IAM whether a principal may make calls. It judges by the policies and the boundary of the principal, and by what
 * of the organization it knows: policies of resources it does not see (IAM User Guide, "Testing IAM policies").
 */
export async function simulate(
  aws: Aws,
  place: Place,
  principal: string,
  permissions: readonly Permission[],
): Promise<Simulated> {
  const client = await iamOf(aws, place);
  const answers = await Promise.all(simulationsOf(permissions).map((question) => ask(client, principal, question)));
  return {
    denials: answers.flatMap(({ denials }) => denials).sort(byText),
    missingKeys: [...new Set(answers.flatMap(({ missingKeys }) => missingKeys))].sort(),
  };
}

async function ask(
  client: IAMClient,
  PolicySourceArn: string,
  { actions, resources, context, asked }: SimulationQuestion,
): Promise<Simulated> {
  const pages = paginateSimulatePrincipalPolicy(
    { client },
    {
      PolicySourceArn,
      ActionNames: [...actions],
      ResourceArns: [...resources],
      ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
        ContextKeyName,
        ContextKeyType: 'string',
        ContextKeyValues: [value],
      })),
    },
  );
  const results: EvaluationResult[] = [];
  for await (const { EvaluationResults = [] } of pages) results.push(...EvaluationResults);
  const judged = asked.map((permission) => ({ permission, result: resultOf(permission, resources, results) }));
  const denied = judged.flatMap(({ permission, result }) => {
    const by = obstacleOf(result);
    return by === undefined ? [] : [{ permission, by, missing: result.MissingContextValues ?? [] }];
  });
  return {
    denials: denied.map(({ permission, by }) => ({ permission, by })),
    missingKeys: denied.flatMap(({ missing }) => missing),
  };
}

/** A result by its own words, of whichever form it came in. */
interface Judgement extends Omit<ResourceSpecificResult, 'EvalResourceName' | 'EvalResourceDecision'> {
  readonly decision: string | undefined;
  readonly OrganizationsDecisionDetail?: EvaluationResult['OrganizationsDecisionDetail'];
}

/**
 * AWS answers with a result an action that has one for each resource in it, or with a result an action and resource.
 *
 * @throws Error where the answer leaves out what was asked
 */
function resultOf(
  { action, resource }: Permission,
  resources: readonly string[],
  results: readonly EvaluationResult[],
): Judgement {
  const own = results.filter(({ EvalActionName }) => EvalActionName?.toLowerCase() === action.toLowerCase());
  for (const { ResourceSpecificResults: each = [], OrganizationsDecisionDetail } of own) {
    const one = each.find(({ EvalResourceName }) => EvalResourceName === resource);
    if (one) {
      return {
        ...one,
        decision: one.EvalResourceDecision,
        ...(OrganizationsDecisionDetail && { OrganizationsDecisionDetail }),
      };
    }
  }
  const whole = own.find(({ EvalResourceName }) => EvalResourceName === resource || resources.length === 1);
  if (!whole) throw new Error(`the simulation says nothing of ${action} on ${resource}`);
  return { ...whole, decision: whole.EvalDecision };
}

function obstacleOf(result: Judgement): Obstacle | undefined {
  if (result.decision === 'allowed') return undefined;
  if (result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false) return 'boundary';
  if (result.OrganizationsDecisionDetail?.AllowedByOrganizations === false) return 'organization';
  return result.decision === 'explicitDeny' ? 'denied' : 'not-allowed';
}

function byText(a: Denial, b: Denial): number {
  return canonical(a) < canonical(b) ? -1 : 1;
}

const CALLER =
  /^arn:(?<partition>[\w-]+):(?<service>iam|sts)::(?<account>\d{12}):(?<kind>user|assumed-role)\/(?<name>.+)$/;

/**
 * Whose policies bind the caller: a user, or the role behind a session. Undefined: nobody's that IAM simulates, such as
 * the root user's.
 */
export async function callingPrincipal(aws: Aws, place: Place): Promise<string | undefined> {
  const sts = await aws.client(STSClient, place);
  const { Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const { partition, account, kind, name = '' } = CALLER.exec(arn)?.groups ?? {};
  if (kind !== 'assumed-role') return kind === 'user' ? arn : undefined;
  const [RoleName = ''] = name.split('/');
  try {
    const { Role } = await (await iamOf(aws, place)).send(new GetRoleCommand({ RoleName }));
    if (Role?.Arn !== undefined) return Role.Arn;
  } catch {
    // A session does not tell the path of its role. Most roles have none; for others IAM will say that there is no such role.
  }
  return `arn:${partition}:iam::${account}:role/${RoleName}`;
}
