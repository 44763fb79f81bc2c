import type { TrailRecord } from './types.ts';

/** By what our own writes are told from those of others. */
export interface Ours {
  /** Of the account, as Settings declare it; undefined: whoever applies uses credentials of his own. */
  readonly applyRole: string | undefined;
  /** Names of the roles under which functions of the estate run. */
  readonly functionRoles: ReadonlySet<string>;
}

/** Sessions of `trueup apply`, and of the workflow that calls it. */
const APPLY_SESSION = /^trueup-apply-/;
/** What `trueup apply` says of itself (aws/clients). */
const APPLY_AGENT = /(^|\s)trueup-apply\//;

/**
 * Is it an apply of ours? Where Settings name the role, only its sessions count: a session name and a user agent are
 * whatever the caller says.
 */
export function isOwnApply({ session, userAgent }: TrailRecord, { applyRole }: Ours): boolean {
  const isNamed = session !== undefined && APPLY_SESSION.test(session.name);
  if (applyRole === undefined) return isNamed || APPLY_AGENT.test(userAgent);
  return isNamed && session.role === applyRole.slice(applyRole.lastIndexOf('/') + 1);
}

/** A function of the estate at its work, such as a mirror that follows its source. */
export function isOwnFunction({ session }: TrailRecord, { functionRoles }: Ours): boolean {
  return session !== undefined && functionRoles.has(session.role);
}
