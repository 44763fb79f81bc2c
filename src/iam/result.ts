import type { Finding } from '../engine/types.ts';
import type { Policy } from './policy.ts';

/** Policies of one account, or of several by their aliases. */
export type ByAccount = Policy | Readonly<Record<string, Policy>>;

/** One role or policy that a person makes, and how large it is. */
export interface PrintedPolicy {
  readonly role: 'plan' | 'apply' | 'boundary';
  readonly alias: string;
  /** Twelve digits. */
  readonly account: string;
  /** ARN of the role; of the policy itself for the boundary. */
  readonly arn: string;
  /** White space not counted. */
  readonly characters: number;
  /** As managed policies: the ids of the statements of each. */
  readonly parts: readonly (readonly string[])[];
}

/** What `trueup iam` prints: `trueup/iam@1`. */
export interface IamResult {
  readonly format: 'trueup/iam@1';
  readonly owner: string;
  readonly plan: ByAccount;
  readonly apply: ByAccount;
  /** Absent: the estate makes no roles. */
  readonly boundary?: ByAccount;
  /** Of the workflow that publishes what loops go by. Absent: none goes by anything signed. */
  readonly publish?: Policy;
  /** By ARN, each role that a document makes. */
  readonly runtime: Readonly<Record<string, Policy>>;
  /** By ARN: who may become the plan and apply roles, and those that documents make. */
  readonly trust: Readonly<Record<string, Policy>>;
  /** For the organization: who may write tags of trueup's. */
  readonly scp: Policy;
  readonly policies: readonly PrintedPolicy[];
  readonly findings: readonly Finding[];
}
