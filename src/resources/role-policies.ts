import { paginateListAttachedRolePolicies, paginateListRolePolicies } from '@aws-sdk/client-iam';
import type { IAMClient } from '@aws-sdk/client-iam';

/** What a role may do, by name. Sorted. */
export interface RolePolicies {
  readonly inline: readonly string[];
  /** ARNs. */
  readonly attached: readonly string[];
}

export async function listPolicies(client: IAMClient, RoleName: string): Promise<RolePolicies> {
  const inline: string[] = [];
  const attached: string[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName })) {
    inline.push(...PolicyNames);
  }
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName })) {
    attached.push(...AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn));
  }
  return { inline: inline.sort(), attached: attached.sort() };
}

/** How somebody takes a managed policy off a role. */
export function detachCommand(role: string, policyArn: string): string {
  return `aws iam detach-role-policy --role-name ${role} --policy-arn ${policyArn}`;
}
