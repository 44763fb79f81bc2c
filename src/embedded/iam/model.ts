import { uniqueId } from '../caller.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { awsManagedPolicy } from './aws-managed.ts';
import { noSuchRole } from './errors.ts';

/** Documents are kept as the text that they came as: IAM gives back the very text. */
export interface StoredRole {
  readonly account: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly trust: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  /** ARN of a policy, which need not exist. */
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies, sorted. */
  readonly attached: readonly string[];
}

export interface StoredPolicy {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly created: number;
  readonly document: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const roles = table<StoredRole>('iam/roles');
export const policies = table<StoredPolicy>('iam/policies');

/** "Names are not distinguished by case": one row for all spellings. */
export function nameKey(account: string, name: string): string {
  return `${account} ${name.toLowerCase()}`;
}

export function findRole(data: Transaction, account: string, name: string): StoredRole | undefined {
  return data.get(roles, nameKey(account, name));
}

/** @throws NoSuchEntity */
export function ownRole(name: string | undefined, { data, caller }: CallContext): StoredRole {
  const role = findRole(data, caller.account, name ?? '');
  if (role === undefined) throw noSuchRole(name);
  return role;
}

export function saveRole(role: StoredRole, { data }: CallContext): void {
  data.put(roles, nameKey(role.account, role.name), role);
}

export function roleArn({ account, path, name }: Pick<StoredRole, 'account' | 'path' | 'name'>): string {
  return `arn:aws:iam::${account}:role${path}${name}`;
}

export function policyArn({ account, path, name }: Pick<StoredPolicy, 'account' | 'path' | 'name'>): string {
  return `arn:aws:iam::${account}:policy${path}${name}`;
}

/** The role of an ARN; undefined: none, or one with another path. */
export function roleOfArn(arn: string, data: Transaction): StoredRole | undefined {
  const { account, name } = nameInArn(arn);
  const role = findRole(data, account, name);
  return role !== undefined && roleArn(role) === arn ? role : undefined;
}

/** A customer's policy or one of AWS's; undefined: none. */
export function policyOfArn(arn: string, data: Transaction): StoredPolicy | undefined {
  const { account, name } = nameInArn(arn);
  const policy = account === 'aws' ? awsManagedPolicy(arn) : data.get(policies, nameKey(account, name));
  return policy !== undefined && policyArn(policy) === arn ? policy : undefined;
}

function nameInArn(arn: string): { readonly account: string; readonly name: string } {
  return { account: arn.split(':')[4] ?? '', name: arn.slice(arn.lastIndexOf('/') + 1) };
}

/** An id that no other object of the account file ever had. */
export function newId(prefix: 'AROA' | 'ANPA', { caller, data }: CallContext): string {
  return uniqueId(prefix, `${caller.account} ${data.next(`iam/${prefix}`)}`);
}
