import { githubProvider, githubTrust } from './github.ts';
import type { GithubRepository } from './github.ts';
import { policyOf } from './policy.ts';
import type { Policy } from './policy.ts';
import { accountsOf, defaultAccountOf } from './tree.ts';
import type { EnteredAccount, IamTree } from './tree.ts';

export interface RoleTrust {
  readonly role: string;
  /** Undefined: it cannot be said exactly, and `why`. */
  readonly policy?: Policy;
  readonly why?: 'no-repository' | 'no-external-id';
}

/**
 * Who may become the plan and apply roles: GitHub's workflows in the default account, and in the others only the role
 * that runs there, with the external id of the account (threats T65).
 */
export function trustOfRoles(tree: IamTree, repository: GithubRepository | undefined): readonly RoleTrust[] {
  const home = defaultAccountOf(tree);
  return accountsOf(tree).flatMap((account) => [
    ...trustOf(account, 'plan', account.planRole, home.planRole),
    ...trustOf(account, 'apply', account.applyRole, home.applyRole),
  ]);

  function trustOf(
    account: EnteredAccount,
    verb: 'plan' | 'apply',
    role: string | undefined,
    runner: string | undefined,
  ): readonly RoleTrust[] {
    if (role === undefined || runner === undefined) return [];
    if (account.isDefault) {
      return repository === undefined
        ? [{ role, why: 'no-repository' }]
        : [{ role, policy: githubTrust(githubProvider(role), repository, verb) }];
    }
    const { externalId } = account;
    return externalId === undefined
      ? [{ role, why: 'no-external-id' }]
      : [{ role, policy: runnerTrust(runner, externalId) }];
  }
}

function runnerTrust(runner: string, externalId: string): Policy {
  return policyOf([
    {
      Effect: 'Allow',
      Principal: { AWS: runner },
      Action: ['sts:AssumeRole'],
      Condition: { StringEquals: { 'sts:ExternalId': externalId } },
    },
  ]);
}
