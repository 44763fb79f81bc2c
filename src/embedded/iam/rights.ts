import type { Caller } from '../caller.ts';
import type { Transaction } from '../store/database.ts';
import { findRole, policyOfArn, roleArn } from './model.ts';
import type { StoredRole } from './model.ts';
import { parsePolicy } from './policy/parse.ts';
import type { Requester } from './policy/principals.ts';

/** What the administrator's own policies would say. */
export const ALL_RIGHTS: readonly object[] = [
  parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'identity'),
];

/** The policies that bind a caller. */
export interface Rights {
  readonly identity: readonly string[];
  readonly boundary?: string;
}

/**
 * Undefined: all rights. So has the administrator, and so has a session of a role that did not exist when it was
 * assumed and does not exist now: roles that Settings name may be used before anybody made them.
 */
export function rightsOf({ session }: Caller, data: Transaction): Rights | undefined {
  if (session === undefined) return undefined;
  const role = findRole(data, session.account, session.role);
  if (session.roleId !== undefined && session.roleId !== role?.id) return { identity: [] };
  return role && rightsOfRole(role, data);
}

/** A boundary whose policy does not exist restricts nothing: it may be declared before anybody made it. */
export function rightsOfRole(role: StoredRole, data: Transaction): Rights {
  const attached = role.attached.flatMap((arn) => policyOfArn(arn, data)?.document ?? []);
  const boundary = role.boundary === undefined ? undefined : policyOfArn(role.boundary, data)?.document;
  return { identity: [...Object.values(role.inline), ...attached], ...(boundary !== undefined && { boundary }) };
}

/** The ARN of the role behind a session, also while the role does not exist. */
export function roleArnOf({ session }: Caller, data: Transaction): string | undefined {
  if (session === undefined) return undefined;
  const { account, role: name } = session;
  return roleArn(findRole(data, account, name) ?? { account, path: '/', name });
}

/** A caller as policies of resources and of roles name it. */
export function requesterOf(caller: Caller, data: Transaction): Requester {
  const behind = roleArnOf(caller, data);
  return { account: caller.account, arn: caller.arn, ...(behind !== undefined && { roleArn: behind }) };
}
