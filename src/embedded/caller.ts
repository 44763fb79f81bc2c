import { createHash } from 'node:crypto';
import { serviceError } from './errors.ts';
import type { ConditionKeys } from './service.ts';
import { table } from './store/database.ts';
import type { Transaction } from './store/database.ts';

/** Credentials that mean something to the embedded account only. */
export interface DummyCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who makes a call. */
export interface Caller {
  readonly type: 'IAMUser' | 'AssumedRole';
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Of an assumed role. */
  readonly session?: Session;
}

/** Credentials of an assumed role, kept until they expire. */
export interface Session {
  readonly account: string;
  readonly role: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** The role's id when it was assumed; undefined: there was no such role (see iam/rights.ts). */
  readonly roleId?: string;
  /** Further condition keys of every call, such as `lambda:SourceFunctionArn`. */
  readonly conditions?: ConditionKeys;
}

export const sessions = table<Session>('sts/sessions');

const ADMINISTRATOR_KEY = /^EMBEDDED(\d{12})$/;

/** Credentials of the administrator of an account: the key id carries the account. */
export function administratorCredentials(account: string): DummyCredentials {
  return { accessKeyId: `EMBEDDED${account}`, secretAccessKey: 'not-a-secret' };
}

/**
 * The caller behind an access key.
 *
 * @throws InvalidClientTokenId for keys that the account never gave out, ExpiredToken after a session's end.
 */
export function identify(accessKeyId: string | undefined, data: Transaction, now: number): Caller {
  const account = ADMINISTRATOR_KEY.exec(accessKeyId ?? '')?.[1];
  if (account !== undefined) return administrator(account);
  const session = data.get(sessions, accessKeyId ?? '');
  if (session === undefined) {
    throw serviceError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
      status: 403,
    });
  }
  if (now >= session.expires) {
    throw serviceError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
  }
  return assumedRole(session);
}

export function administrator(account: string): Caller {
  return {
    type: 'IAMUser',
    account,
    arn: `arn:aws:iam::${account}:user/administrator`,
    userId: uniqueId('AIDA', `${account}/user/administrator`),
  };
}

export function assumedRole(session: Session): Caller {
  const { account, role, name, roleId = uniqueId('AROA', `${account}/role/${role}`) } = session;
  return {
    type: 'AssumedRole',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    userId: `${roleId}:${name}`,
    session,
  };
}

const UNIQUE_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const UNIQUE_ID_TAIL = 17;

/** An IAM unique id, such as `AROA` and 17 letters and digits, the same for the same seed. */
export function uniqueId(prefix: string, seed: string): string {
  const octets = createHash('sha256').update(seed).digest().subarray(0, UNIQUE_ID_TAIL);
  return prefix + Array.from(octets, (octet) => UNIQUE_ID_ALPHABET.charAt(octet % UNIQUE_ID_ALPHABET.length)).join('');
}
