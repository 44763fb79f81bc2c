import { sessions } from '../caller.ts';
import { serviceError } from '../errors.ts';
import { assumeForService, reasonNotToPassRole, reasonNotToServe } from '../iam/assume.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { constraintViolation, invalidParameter } from './errors.ts';
import { functionArn } from './model.ts';
import type { FunctionPlace } from './model.ts';

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
export const LAMBDA = 'lambda.amazonaws.com';

/**
 * May the caller give this role to the function, and may Lambda assume it?
 *
 * @throws ValidationException, AccessDeniedException, InvalidParameterValueException
 */
export function checkExecutionRole(arn: string, place: FunctionPlace, context: CallContext): void {
  const account = ROLE_ARN.exec(arn)?.[1];
  if (account === undefined) {
    throw constraintViolation(
      'role',
      arn,
      'Member must satisfy regular expression pattern: arn:aws:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  }
  const { caller } = context;
  if (account !== caller.account) {
    throw serviceError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
  }
  const refusal = reasonNotToPassRole(arn, LAMBDA, context);
  if (refusal !== undefined) {
    const message = `User: ${caller.arn} is not authorized to perform: iam:PassRole ${refusal}`;
    throw serviceError('AccessDeniedException', message, { status: 403 });
  }
  const request = { roleArn: arn, service: LAMBDA, conditions: sourceOf(place) };
  if (reasonNotToServe(request, context.data, context.now) === undefined) return;
  throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}

/** For whom Lambda asks (Developer Guide, "Cross-service confused deputy prevention"). */
export function sourceOf(place: FunctionPlace): ConditionKeys {
  return { 'aws:SourceAccount': place.account, 'aws:SourceArn': functionArn(place) };
}

/** Credentials of a session of a function's role, as its execution environment finds them in its variables. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/**
 * Opens a session that is named like the function (Developer Guide, "Lambda execution role").
 *
 * @throws AccessDeniedException where the role is gone or does not trust Lambda any more.
 */
export function openRoleSession(roleArn: string, place: FunctionPlace, data: Transaction, now: number): RoleSession {
  const assumption = {
    roleArn,
    service: LAMBDA,
    conditions: sourceOf(place),
    sessionName: place.name,
    sessionConditions: { 'lambda:SourceFunctionArn': functionArn(place) },
  };
  const issued = assumeForService(assumption, data, now);
  if ('refused' in issued) {
    const message = `The role defined for the function cannot be assumed by Lambda: ${issued.refused}`;
    throw serviceError('AccessDeniedException', message, { status: 403 });
  }
  return { ...issued.credentials, expires: issued.session.expires };
}

export function closeRoleSession({ accessKeyId }: RoleSession, data: Transaction): void {
  data.delete(sessions, accessKeyId);
}
