import { githubProvider, githubTrust } from './github.ts';
import type { GithubRepository } from './github.ts';
import { loopRoles } from './loops.ts';
import { policyOf } from './policy.ts';
import type { Policy, PolicyStatement } from './policy.ts';
import { accountsOf, defaultAccountOf } from './tree.ts';
import type { EnteredAccount, IamTree } from './tree.ts';

export interface RoleTrust {
  readonly role: string;
  /** Undefined: it cannot be said exactly, and `why`. */
  readonly policy?: Policy;
  /** With a policy: what is not in it. */
  readonly why?: 'no-repository' | 'no-external-id';
  /** Roles of functions that are let in: applies make them. */
  readonly loops: readonly string[];
}

/**
 * Who may become the plan and apply roles: GitHub's workflows in the default account, in the others only the role that runs
 * there, with the external id of the account (threats T65), and everywhere the functions of loops, which chain no roles.
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
    const { externalId } = account;
    const loops = loopRoles(tree, verb);
    const ofLoops = loops.map((loop) => admitted(loop, externalId));
    if (account.isDefault) {
      const ofGithub = repository && githubTrust(githubProvider(role), repository, verb).Statement;
      const statements = [...(ofGithub ?? []), ...ofLoops];
      return [
        {
          role,
          ...(statements.length > 0 && { policy: policyOf(statements) }),
          ...(!ofGithub && { why: 'no-repository' as const }),
          loops,
        },
      ];
    }
    return externalId === undefined
      ? [{ role, why: 'no-external-id', loops: [] }]
      : [{ role, policy: policyOf([admitted(runner, externalId), ...ofLoops]), loops }];
  }
}

/** A role, by its whole ARN. */
function admitted(role: string, externalId: string | undefined): PolicyStatement {
  return {
    Effect: 'Allow',
    Principal: { AWS: role },
    Action: ['sts:AssumeRole'],
    ...(externalId !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
  };
}
