import { policyOf } from './policy.ts';
import type { Policy } from './policy.ts';

/** Who issues the tokens of GitHub Actions (GitHub, "OpenID Connect reference"). */
const ISSUER = 'token.actions.githubusercontent.com';

/** What the documentation of AWS's own action asks for as the audience. */
const AUDIENCE = 'sts.amazonaws.com';

/** Files of the workflows that may become a role. */
const WORKFLOWS = { plan: ['drift.yml', 'plan.yml'], apply: ['apply.yml'] } as const;

/** A repository as GitHub's tokens name it. A name can be given to somebody else, an id never is. */
export interface GithubRepository {
  /** `OWNER/NAME`. */
  readonly name: string;
  /** Digits. */
  readonly id: string;
  /** Digits: its subjects hold the ids of owner and repository. Undefined: they hold names only. */
  readonly ownerId?: string;
  readonly defaultBranch: string;
  readonly environments: { readonly plan: string; readonly apply: string };
}

/**
 * Who may become a role from GitHub: the workflows of one kind, as the default branch has them, in their environment of this
 * repository. Every value is exact (threats T60).
 *
 * @param provider ARN of the account's OIDC provider.
 */
export function githubTrust(provider: string, repository: GithubRepository, role: 'plan' | 'apply'): Policy {
  const { name, id, defaultBranch, environments } = repository;
  const ref = `refs/heads/${defaultBranch}`;
  const workflows = WORKFLOWS[role].map((file) => `${name}/.github/workflows/${file}@${ref}`);
  return policyOf([
    {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: AUDIENCE,
          [`${ISSUER}:environment`]: environments[role],
          [`${ISSUER}:job_workflow_ref`]: workflows.length === 1 ? (workflows[0] ?? '') : workflows,
          [`${ISSUER}:ref`]: ref,
          [`${ISSUER}:repository_id`]: id,
          [`${ISSUER}:sub`]: `repo:${subjectOf(repository)}:environment:${environments[role]}`,
        },
      },
    },
  ]);
}

/** ARN of the provider in an account of the partition of a role. */
export function githubProvider(roleArn: string): string {
  const [arn = '', partition = '', iam = '', , account = ''] = roleArn.split(':');
  return `${[arn, partition, iam, '', account].join(':')}:oidc-provider/${ISSUER}`;
}

function subjectOf({ name, id, ownerId }: GithubRepository): string {
  const [owner = '', repository = ''] = name.split('/');
  return ownerId === undefined ? name : `${owner}@${ownerId}/${repository}@${id}`;
}
