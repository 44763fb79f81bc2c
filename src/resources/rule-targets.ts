import type { Target as AwsTarget } from '@aws-sdk/client-eventbridge';
import { equal } from '../engine/value.ts';
import { inDeclaredOrder } from './tagged.ts';

/** One target of AWS::Events::Rule. */
export interface RuleTarget {
  /** Unique on the rule; one that begins with `trueup-` goes when it is no longer declared. */
  readonly Id: string;
  readonly Arn: string;
  /** Constant JSON text. */
  readonly Input?: string;
}

/**
 * Targets carry no tags: an entry is ours when the document declares its Id, or when the Id says so itself. Any other is
 * somebody else's and stays.
 */
export const OWN_TARGET_PREFIX = 'trueup-';

export interface TargetEntries {
  /** With every field that they have. */
  readonly own: readonly RuleTarget[];
  /** Entries of others on our rule: they stay. */
  readonly foreign: readonly AwsTarget[];
}

export function entriesOf(declared: readonly RuleTarget[] | undefined, found: readonly AwsTarget[]): TargetEntries {
  const byId = new Map((declared ?? []).map((target) => [target.Id, target]));
  const isOwn = ({ Id = '' }: AwsTarget): boolean => byId.has(Id) || Id.startsWith(OWN_TARGET_PREFIX);
  const own = found.filter(isOwn).map((target) => shown(target, byId.get(target.Id ?? '')));
  return { own: inDeclaredOrder(declared, own, ({ Id }) => Id), foreign: found.filter((target) => !isOwn(target)) };
}

/** An Input of the same JSON in other words is the declared one. */
function shown({ Id = '', Arn = '', Input, ...rest }: AwsTarget, declared: RuleTarget | undefined): RuleTarget {
  const others = Object.entries(rest).filter(([, value]) => value !== undefined);
  const isSame = Input !== undefined && declared?.Input !== undefined && isSameJson(Input, declared.Input);
  return {
    Id,
    Arn,
    ...(Input !== undefined && { Input: isSame ? declared.Input : Input }),
    ...Object.fromEntries(others),
  };
}

function isSameJson(left: string, right: string): boolean {
  try {
    return equal(JSON.parse(left), JSON.parse(right));
  } catch {
    return left === right;
  }
}
