import type { Operator } from './operators.ts';

/** A policy document after it was checked: lists where JSON may have one item or a list. */
export interface PolicyDocument {
  /** Policy variables are plain text in the older one (IAM JSON policy elements, "Version"). */
  readonly version: '2012-10-17' | '2008-10-17';
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Lower case. */
  readonly actions: Selection;
  /** Undefined: the policy hangs on the resource, which need not be named (trust policies). */
  readonly resources?: Selection;
  /** Policies of resources only. */
  readonly principals?: PrincipalSelection;
  readonly conditions: readonly Condition[];
}

/** `Action` or, with `except`, `NotAction`; so for `Resource`. */
export interface Selection {
  readonly except: boolean;
  readonly patterns: readonly string[];
}

export interface PrincipalSelection {
  readonly except: boolean;
  /** ARNs, account ids or `*`. */
  readonly aws: readonly string[];
  /** `lambda.amazonaws.com`. */
  readonly services: readonly string[];
  /** Identity providers: an ARN, or a name such as `accounts.google.com`. */
  readonly federated: readonly string[];
}

export interface Condition {
  readonly operator: Operator;
  /** As it was written; keys compare without case. */
  readonly key: string;
  readonly values: readonly string[];
}
