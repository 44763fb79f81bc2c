import { createHash } from 'node:crypto';
import { sessions, uniqueId } from '../caller.ts';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { constraintViolation } from './errors.ts';

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
/** Longer than an execution environment lives (STS: AssumeRole, 12 hours at most). */
const SESSION_MS = 12 * 3600_000;

/**
 * May the caller give this role to a function, and may Lambda assume it?
 *
 * @throws ValidationException, AccessDeniedException
 */
export function checkExecutionRole(arn: string, { caller }: CallContext): void {
  const account = ROLE_ARN.exec(arn)?.[1];
  if (account === undefined) {
    throw constraintViolation(
      'role',
      arn,
      'Member must satisfy regular expression pattern: arn:aws:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  }
  if (account === caller.account) return;
  throw serviceError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
}

/** Credentials of a session of a function's role, as its execution environment finds them in its variables. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Opens a session that is named like the function (Developer Guide, "Lambda execution role"). */
export function openRoleSession(roleArn: string, functionName: string, data: Transaction, now: number): RoleSession {
  const [, account, role] = ROLE_ARN.exec(roleArn) ?? [];
  if (account === undefined || role === undefined) throw new Error(`${roleArn} is not the ARN of a role`);
  const secret = createHash('sha256')
    .update(`${data.next('sts/sessions')} ${roleArn} ${functionName}`)
    .digest('hex');
  const accessKeyId = uniqueId('EMB', secret);
  const expires = now + SESSION_MS;
  data.put(sessions, accessKeyId, { account, role, name: functionName, expires });
  return { accessKeyId, secretAccessKey: secret.slice(0, 40), sessionToken: secret, expires };
}

export function closeRoleSession({ accessKeyId }: RoleSession, data: Transaction): void {
  data.delete(sessions, accessKeyId);
}
