import type { Caller } from '../caller.ts';
import { serviceError } from '../errors.ts';
import type { CallContext, ConditionKeys, ResourcePolicy, Service } from '../service.ts';
import { requestTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { evaluate } from './policy/evaluate.ts';
import type { Decision, PolicyKind, PolicySet } from './policy/evaluate.ts';
import { requestKeys } from './request-keys.ts';
import { ALL_RIGHTS, requesterOf, rightsOf } from './rights.ts';

/** What a call wants to do. */
export interface Question {
  /** `route53:ChangeResourceRecordSets`. */
  readonly action: string;
  /** ARNs; each must be allowed. */
  readonly resources: readonly string[];
  readonly conditions: ConditionKeys;
  /** Further keys of one of the resources. */
  conditionsOf?(resource: string): ConditionKeys;
  /** The policy of one of the resources, where it has one. */
  policyOf?(resource: string): ResourcePolicy | undefined;
}

/** Why the caller may not, as AWS words it behind "is not authorized to perform: …"; undefined: allowed. */
export function reasonToRefuse(question: Question, context: CallContext): string | undefined {
  const { action, resources, conditions } = question;
  const rights = rightsOf(context.caller, context.data);
  let keys: ConditionKeys | undefined;
  for (const resource of resources) {
    const policy = question.policyOf?.(resource);
    if (rights === undefined && policy === undefined) continue;
    keys ??= { ...requestKeys(action, context), ...conditions };
    const decision = evaluate(
      {
        action,
        resource,
        conditions: { ...keys, ...question.conditionsOf?.(resource) },
        ...(policy && { requester: requesterOf(context.caller, context.data) }),
      },
      { identity: ALL_RIGHTS, ...rights, ...(policy && policiesWith(policy)) },
    );
    if (decision.effect !== 'allowed') return wordRefusal(decision, action, resource);
  }
  return undefined;
}

function policiesWith({ account, document, adds }: ResourcePolicy): PolicySet {
  return { resource: document, resourceAccount: account, ...(!adds && { resourceGates: true }) };
}

/** @throws AccessDenied for what a call needs beside its own action, such as tagging what it creates. */
export function demand(question: Question, context: CallContext): void {
  const why = reasonToRefuse(question, context);
  if (why !== undefined) throw denied('AccessDenied', context.caller, question.action, why);
}

/** The service that is asked, and how it calls the action; default `TagResource`. */
interface Tagging extends Pick<Service, 'actionPrefix' | 'deniedName'> {
  readonly tagAction?: string;
}

/**
 * A create that carries tags needs the permission to tag beside its own.
 *
 * @throws the service's refusal when the caller may not.
 */
export function requireTagging(
  { actionPrefix, deniedName, tagAction = 'TagResource' }: Tagging,
  arn: string,
  tags: Tags,
  context: CallContext,
): void {
  if (Object.keys(tags).length === 0) return;
  const action = `${actionPrefix}:${tagAction}`;
  const why = reasonToRefuse({ action, resources: [arn], conditions: requestTagKeys(tags) }, context);
  if (why !== undefined) throw denied(deniedName, context.caller, action, why);
}

const POLICIES: Readonly<Record<PolicyKind, readonly [none: string, denying: string]>> = {
  identity: ['no identity-based policy', 'an identity-based policy'],
  boundary: ['no permissions boundary', 'a permissions boundary'],
  resource: ['no resource-based policy', 'a resource-based policy'],
  trust: ['no role trust policy', 'the role trust policy'],
};

/** As in the IAM User Guide, "Troubleshoot access denied error messages". */
export function wordRefusal({ effect, by }: Decision, action: string, resource: string): string {
  const where = resource === '*' ? '' : `on resource: ${resource} `;
  const [none, denying] = POLICIES[by];
  if (effect === 'explicit-deny') return `${where}with an explicit deny in ${denying}`;
  return `${where}because ${none} allows the ${action} action`;
}

export function denied(name: Service['deniedName'], caller: Caller, action: string, why: string): Error {
  return serviceError(name, `User: ${caller.arn} is not authorized to perform: ${action} ${why}`, { status: 403 });
}
