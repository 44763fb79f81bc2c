import { canonical } from '../../engine/value.ts';
import type { Estate, Unknown, Value } from '../../engine/types.ts';
import { equal } from '../../engine/value.ts';
import type { OwnedBucket } from './fan-out-document.ts';
import type { Judgement } from './looking.ts';
import { bucketStatement, keyLookStatement, keyStatement, lookStatement, verbStatements } from './owner-policies.ts';
import type { BucketFanOut, Target } from './places.ts';

type Policy = { readonly state: 'read'; readonly policy: string | undefined } | Unknown;

export interface OwnerQuestion {
  readonly source: OwnedBucket;
  readonly target: Target;
  readonly policy: Policy;
  /** The function is there, and the policy is not seen: the plan that made it told what to set. */
  readonly isMade: boolean;
}

/**
 * What the owner of a destination in another account must allow, in full; nothing where the bucket's policy has it. Of a
 * key it is said as long as the bucket's is not there: who set the one was shown the other. S3 shows a policy to the
 * bucket's own account alone: where that cannot be asked, it is no warning once the function is there.
 */
export function ownerFindings(document: BucketFanOut, estate: Estate, asked: OwnerQuestion): readonly Judgement[] {
  const { source, target, policy, isMade } = asked;
  const { destination } = target;
  if (destination.account === source.account) return [];
  const statements = [
    bucketStatement(document, estate, target),
    lookStatement(document, estate, target),
    ...verbStatements(document, estate, target),
  ].filter((statement) => statement !== undefined);
  if (policy.state === 'read' && statements.every((statement) => isIn(policy.policy, statement))) return [];
  const [key, keyLook] = [keyStatement(document, estate, target), keyLookStatement(document, estate, target)];
  const bucketPolicy = { Version: '2012-10-17', Statement: statements };
  return [
    {
      code: 'owner-must-allow',
      severity: isMade ? 'info' : 'warning',
      message: isMade
        ? `whether account ${destination.account} lets the function copy to ${destination.bucket} cannot be seen from here`
        : `account ${destination.account} must let the function copy to ${destination.bucket}: ${state(policy)}`,
      hint: [
        // Both services refuse a policy that names a role which is not there.
        `after the apply that makes the role of the function, into the policy of the bucket ${destination.bucket}:`,
        ...linesOf(bucketPolicy),
        ...(key === undefined
          ? []
          : [
              `into the policy of the key ${destination.kmsKey ?? ''}:`,
              ...linesOf(keyLook === undefined ? key : [key, keyLook]),
            ]),
      ].join('\n'),
      data: {
        bucketPolicy,
        ...(key !== undefined && { keyStatement: key }),
        ...(keyLook !== undefined && { keyLookStatement: keyLook }),
      },
    },
  ];
}

function state(policy: Policy): string {
  return policy.state === 'read'
    ? 'its policy does not yet'
    : `whether its policy does was not seen (${policy.detail})`;
}

/** A text that is no policy holds nothing. */
function isIn(policy: string | undefined, statement: Value): boolean {
  try {
    const { Statement = [] } = JSON.parse(policy ?? '{}') as { readonly Statement?: Value };
    return [Statement].flat().some((one) => equal(normal(one), normal(statement)));
  } catch {
    return false;
  }
}

/** S3 gives lists of one back as text, and lists in its own order. */
function normal(value: Value): Value {
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map(normal);
    const [only] = items;
    if (items.length === 1 && only !== undefined) return only;
    return [...items].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, normal(one)]));
}

function linesOf(value: Value): readonly string[] {
  return JSON.stringify(value, null, 2).split('\n');
}
