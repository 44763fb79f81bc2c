import type { Policy } from './policy.ts';
import type { ByAccount, IamResult } from './result.ts';
import { managedPolicies } from './size.ts';

/** One file for AWS's tools. */
export interface PolicyFile {
  /** `apply-prod-2.json`. */
  readonly name: string;
  readonly policy: Policy;
}

/**
 * What is printed as files that `aws iam create-policy` and `create-role` take: each no longer than a managed policy may be.
 * Roles of functions have none: an apply makes them.
 */
export function policyFiles(result: IamResult): readonly PolicyFile[] {
  const own = result.policies.flatMap(({ role, alias, arn }): readonly PolicyFile[] => {
    const trust = result.trust[arn];
    const parts = managedPolicies(policyIn(result[role], alias));
    return role === 'boundary'
      ? [{ name: `boundary-${alias}.json`, policy: policyIn(result.boundary, alias) }]
      : [
          ...(trust ? [{ name: `trust-${role}-${alias}.json`, policy: trust }] : []),
          ...parts.map((policy, index) => ({ name: `${role}-${alias}-${index + 1}.json`, policy })),
        ];
  });
  const publish = result.publish && { name: 'publish.json', policy: result.publish };
  return [...own, ...(publish ? [publish] : []), { name: 'service-control.json', policy: result.scp }];
}

/** The policy of an account, where there is one or several. */
export function policyIn(policies: ByAccount | undefined, alias: string): Policy {
  const found = policies && 'Statement' in policies ? policies : policies?.[alias];
  return (found as Policy | undefined) ?? { Version: '2012-10-17', Statement: [] };
}
