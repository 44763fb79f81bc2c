import { table } from '../store/database.ts';

/** A statement of a function's policy, as GetPolicy shows it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A function's resource-based policy; never without statements. */
export interface StoredPolicy {
  readonly revision: number;
  readonly statements: readonly PolicyStatement[];
}

/** By the function's key. */
export const policies = table<StoredPolicy>('lambda/policies');
