import { boundaryArn } from '../reconcilers/function/policy.ts';
import { iamFindings } from '../iam/findings.ts';
import type { GithubRepository } from '../iam/github.ts';
import { publishPolicy } from '../iam/loops.ts';
import type { Policy } from '../iam/policy.ts';
import type { ByAccount, IamResult, PrintedPolicy } from '../iam/result.ts';
import { applyPolicies, planPolicies } from '../iam/roles.ts';
import type { AccountPolicy } from '../iam/roles.ts';
import { boundaryOf, runtimeRoles } from '../iam/runtime.ts';
import { serviceControlPolicy } from '../iam/service-control.ts';
import { charactersOf, managedPolicies } from '../iam/size.ts';
import { trustOfRoles } from '../iam/trust.ts';
import { accountsOf } from '../iam/tree.ts';
import type { IamTree } from '../iam/tree.ts';
import { IamError } from './errors.ts';

/** The repository whose workflows plan and apply, as it is named on the command line. */
export interface GithubFlags {
  /** `OWNER/NAME`. */
  readonly repository?: string;
  /** Digits. */
  readonly repositoryId?: string;
  /** Digits. */
  readonly ownerId?: string;
  /** Default: `main`. */
  readonly defaultBranch?: string;
  /** Default: `trueup-plan`. */
  readonly environmentPlan?: string;
  /** Default: `trueup-apply`. */
  readonly environmentApply?: string;
}

export interface IamOptions {
  readonly github?: GithubFlags;
}

/**
 * The policies that this estate needs, from the tree alone: nothing is asked of AWS.
 * @throws IamError TU5060 for a repository without its id, TU5061 for what is no name.
 */
export function iam(project: IamTree, { github }: IamOptions = {}): IamResult {
  const tree: IamTree = { settings: project.settings, documents: project.documents, estate: project.estate };
  const trust = trustOfRoles(tree, github && repositoryOf(github));
  const runtime = runtimeRoles(tree);
  const publish = publishPolicy(tree);
  const [plan, apply, boundary] = [planPolicies(tree), applyPolicies(tree), boundaryPolicies(tree)];
  const isOne = new Set([...plan, ...apply].map(({ account }) => account.alias)).size < 2;
  const policies = [...printed('plan', plan), ...printed('apply', apply), ...printed('boundary', boundary, tree)];
  return {
    format: 'trueup/iam@1',
    owner: tree.estate.owner,
    plan: keyed(plan, isOne),
    apply: keyed(apply, isOne),
    ...(boundary.length > 0 && { boundary: keyed(boundary, isOne) }),
    ...(publish && { publish }),
    runtime: Object.fromEntries(runtime.map(({ arn, policy }) => [arn, policy])),
    trust: Object.fromEntries([
      ...trust.flatMap(({ role, policy }): readonly [string, Policy][] => (policy ? [[role, policy]] : [])),
      ...runtime.map(({ arn, trust: policy }) => [arn, policy] as const),
    ]),
    scp: serviceControlPolicy(tree, runtime),
    policies,
    findings: iamFindings(
      tree,
      [...plan, ...apply].map(({ policy }) => policy),
      policies,
      trust,
    ),
  };
}

/** One in each account in which documents make roles. */
function boundaryPolicies(tree: IamTree): readonly AccountPolicy[] {
  const roles = runtimeRoles(tree);
  return accountsOf(tree).flatMap((account) => {
    const own = roles.filter((role) => role.account === account.id);
    return own.length === 0 || tree.estate.permissionsBoundary === undefined
      ? []
      : [{ account, policy: boundaryOf(own) }];
  });
}

function printed(
  role: PrintedPolicy['role'],
  policies: readonly AccountPolicy[],
  tree?: IamTree,
): readonly PrintedPolicy[] {
  return policies.map(({ account, policy }) => {
    const name = tree?.estate.permissionsBoundary;
    const place = { account: account.id, region: tree?.settings.defaultRegion ?? '' };
    const arn = name === undefined ? account[role === 'plan' ? 'planRole' : 'applyRole'] : boundaryArn(name, place);
    return {
      role,
      alias: account.alias,
      account: account.id,
      arn: arn ?? '',
      characters: charactersOf(policy),
      parts: managedPolicies(policy).map(({ Statement }) => Statement.map(({ Sid = '' }) => Sid)),
    };
  });
}

function keyed(policies: readonly AccountPolicy[], isOne: boolean): ByAccount {
  const [first] = policies;
  if (isOne && first) return first.policy;
  return Object.fromEntries(policies.map(({ account, policy }) => [account.alias, policy]));
}

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const ID = /^[1-9]\d{0,19}$/;
/** What is no pattern and no policy variable in a condition. */
const PLAIN = /^[\w./ -]+$/;

function repositoryOf(flags: GithubFlags): GithubRepository | undefined {
  const { repository, repositoryId, ownerId, defaultBranch = 'main' } = flags;
  const { environmentPlan = 'trueup-plan', environmentApply = 'trueup-apply' } = flags;
  if (Object.values(flags).every((value) => value === undefined)) return undefined;
  if (repository === undefined || repositoryId === undefined) {
    const missing = repository === undefined ? '--repository' : '--repository-id';
    throw new IamError(
      'TU5060',
      `a trust policy for GitHub takes the repository and its id, and ${missing} is missing: a name alone can be given to somebody else`,
      `gh api repos/${repository ?? 'OWNER/NAME'} --jq '.id, .owner.id' prints the ids of repository and owner`,
    );
  }
  check('--repository', repository, REPOSITORY);
  check('--repository-id', repositoryId, ID);
  if (ownerId !== undefined) check('--owner-id', ownerId, ID);
  check('--default-branch', defaultBranch, PLAIN);
  check('--environment-plan', environmentPlan, PLAIN);
  check('--environment-apply', environmentApply, PLAIN);
  return {
    name: repository,
    id: repositoryId,
    ...(ownerId !== undefined && { ownerId }),
    defaultBranch,
    environments: { plan: environmentPlan, apply: environmentApply },
  };
}

function check(flag: string, value: string, form: RegExp): void {
  if (form.test(value)) return;
  throw new IamError(
    'TU5061',
    `${flag} ${JSON.stringify(value)} is none: a trust policy holds exact names and numbers, and no pattern`,
    'gh api repos/OWNER/NAME prints full_name, id, owner.id and default_branch',
  );
}
