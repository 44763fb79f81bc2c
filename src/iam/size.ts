import { policyOf } from './policy.ts';
import type { Policy, PolicyStatement } from './policy.ts';

/** Characters of a managed policy, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
export const MOST_CHARACTERS = 6144;

/** Managed policies of a role, without asking AWS for more (the same page). */
export const MOST_POLICIES = 10;

export function charactersOf(policy: Policy): number {
  return JSON.stringify(policy).replaceAll(/\s/g, '').length;
}

/** The policy in as many parts as managed policies need, in its order; a statement that is too long for one is divided. */
export function managedPolicies(policy: Policy): readonly Policy[] {
  const parts: PolicyStatement[][] = [];
  for (const statement of policy.Statement.flatMap(divided)) {
    const last = parts.at(-1);
    if (last && charactersOf(policyOf([...last, statement])) <= MOST_CHARACTERS) last.push(statement);
    else parts.push([statement]);
  }
  return parts.map(policyOf);
}

/** By its resources; each half has an id of its own. */
function divided(statement: PolicyStatement): readonly PolicyStatement[] {
  const { Sid = '', Resource = [] } = statement;
  if (charactersOf(policyOf([statement])) <= MOST_CHARACTERS || Resource.length < 2) return [statement];
  const middle = Math.ceil(Resource.length / 2);
  return [Resource.slice(0, middle), Resource.slice(middle)].flatMap((half, index) =>
    divided({ ...statement, Sid: `${Sid}${index === 0 ? 'a' : 'b'}`, Resource: half }),
  );
}
