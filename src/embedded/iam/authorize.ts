import type { CallContext, ConditionKeys } from '../service.ts';

/** What a call wants to do. */
export interface Question {
  /** `route53:ChangeResourceRecordSets`. */
  readonly action: string;
  /** ARNs; each must be allowed. */
  readonly resources: readonly string[];
  readonly conditions: ConditionKeys;
}

/** Why the caller may not, as AWS words it behind "is not authorized to perform: …"; undefined: allowed. */
export function reasonToRefuse(_question: Question, { caller }: CallContext): string | undefined {
  return caller.type === 'IAMUser' ? undefined : undefined;
}
