import { assumedRole } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { reasonNotToServe } from '../iam/assume.ts';
import { denied, reasonToRefuse } from '../iam/authorize.ts';
import { roleOfArn } from '../iam/model.ts';
import { queuePolicy } from '../sqs/model.ts';
import type { CallContext } from '../service.ts';
import { functionArn } from './model.ts';
import type { FunctionPlace } from './model.ts';
import { LAMBDA, sourceOf } from './role.ts';

type Where = Pick<CallContext, 'data' | 'now'>;

/**
 * Why Lambda, acting as a function's role, may not do one of these things with a queue; undefined: it may do all of
 * them. Asked anew for each piece of work: nobody has credentials of it.
 *
 * @param actions such as `sqs:SendMessage`
 */
export function reasonNotToUseQueue(
  place: FunctionPlace,
  roleArn: string,
  queue: string,
  actions: readonly string[],
  where: Where,
): string | undefined {
  const caller = callerAs(place, roleArn, where);
  if (typeof caller === 'string') return caller;
  const context: CallContext = { ...where, caller, region: place.region };
  for (const action of actions) {
    const question = { action, resources: [queue], conditions: {}, policyOf: () => queuePolicy(queue, context) };
    const why = reasonToRefuse(question, context);
    if (why !== undefined) return denied('AccessDeniedException', caller, action, why).message;
  }
  return undefined;
}

/** The user id under which messages of a function's role are sent. */
export function senderIdOf(place: FunctionPlace, roleArn: string, where: Where): string {
  const caller = callerAs(place, roleArn, where);
  return typeof caller === 'string' ? '' : caller.userId;
}

/** Text: why the role is not to be had. */
function callerAs(place: FunctionPlace, roleArn: string, { data, now }: Where): Caller | string {
  const refused = reasonNotToServe({ roleArn, service: LAMBDA, conditions: sourceOf(place) }, data, now);
  const role = roleOfArn(roleArn, data);
  if (refused !== undefined || role === undefined) return refused ?? `${roleArn} does not exist`;
  const conditions = { 'lambda:SourceFunctionArn': functionArn(place) };
  const { account, name, id: roleId } = role;
  return assumedRole({ account, role: name, roleId, name: place.name, expires: Number.POSITIVE_INFINITY, conditions });
}
