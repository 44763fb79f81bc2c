import type { Address, OnRemove, Value } from './types.ts';
import type { Change } from './resource-type.ts';
import type { Calls, Effect, Finding, Guard, Summary } from './plan-types.ts';

/** What the verbs end with. */

export type Outcome = 'applied' | 'nothing' | 'stale' | 'refused' | 'partial' | 'interrupted' | 'not-converged';

/** Why a sealed document is not applied: what was reviewed and what is found now. */
export interface SealDifference {
  /** Address of the document or resource. */
  readonly id: Address;
  readonly path?: string;
  /** A whole sentence. */
  readonly message: string;
  readonly reviewed?: Value;
  readonly now?: Value;
  /** Who moved it since. */
  readonly who?: Who;
}

/** What people need of a document that is applied: an address, a command. Never a secret. */
export interface Output {
  readonly document: Address;
  /** `url`. */
  readonly name: string;
  /** One line. */
  readonly value: string;
}

/** `trueup/apply@1`. */
export interface ApplyResult {
  readonly format: 'trueup/apply@1';
  readonly digest: string;
  readonly outcome: Outcome;
  /** Addresses of the actions that are done, in the order in which they ended. */
  readonly done: readonly Address[];
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
  readonly skipped: readonly { readonly id: Address; readonly why: string }[];
  readonly refused: readonly { readonly document: Address; readonly differences: readonly SealDifference[] }[];
  /** Guards that stopped the whole apply. */
  readonly guards: readonly Guard[];
  /** What a plan right after the apply says; null when nothing was written. */
  readonly replan: { readonly summary: Summary; readonly complete: boolean } | null;
  readonly calls: Calls;
  /** Of the documents that were touched; of all where nothing was to do. Absent: there is nothing to say. */
  readonly outputs?: readonly Output[];
  /** The merged pull requests whose plans were applied, in the order of their merges. */
  readonly reviews?: readonly ReviewOutcome[];
}

/** What became of the plan of one merged pull request. */
export interface ReviewOutcome {
  readonly pull: number;
  readonly head: string;
  readonly digest: string;
  readonly outcome: Outcome;
}

/** With what a call was made, as far as it tells. */
export type Tool = 'console' | 'cli' | 'sdk' | 'terraform' | 'other';

/** Who changed an object, as the account's own trail tells it. */
export interface Culprit {
  /** ARN of the user, session or root; the name of a service of AWS. */
  readonly actor: string;
  /** The API call: `UpdateFunctionConfiguration`. */
  readonly event: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly at: string;
  /** exact: the request holds a drifted field as it is found now; likely: it wrote the object. */
  readonly confidence: 'exact' | 'likely';
  readonly eventId: string;
  readonly how: Tool;
  /** Who is behind the session, where its role demands that it is said (STS, SourceIdentity). */
  readonly sourceIdentity?: string;
}

/** Nothing is found, and what was done may be too young to be seen. */
export interface NotVisibleYet {
  readonly actor: null;
  readonly event: null;
  readonly at: null;
  readonly confidence: 'not visible yet';
}

export type Who = Culprit | NotVisibleYet;

export interface DriftedResource {
  readonly document: Address;
  readonly id: Address;
  readonly type: string;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  readonly changes: readonly Change[];
  readonly who?: Who;
}

export interface MissingResource {
  readonly document: Address;
  readonly id: Address;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** Who deleted it. */
  readonly who?: Who;
}

export interface Orphan {
  /** The marker as found, without the owner. */
  readonly id: Address;
  readonly type: string;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  /** What the next apply does with it. */
  readonly action: OnRemove | 'none';
  /** Why nothing is done with it. A clause. */
  readonly why?: string;
}

/** `trueup/drift@1`. */
export interface DriftResult {
  readonly format: 'trueup/drift@1';
  readonly complete: boolean;
  readonly owner: string;
  /** How many documents were looked at. */
  readonly documents: number;
  readonly drifted: readonly DriftedResource[];
  readonly missing: readonly MissingResource[];
  /** Objects that carry our marker and are declared nowhere. */
  readonly orphans: readonly Orphan[];
  readonly findings: readonly Finding[];
  /** Effects of the drifted documents, for people: the records that differ. */
  readonly effects: readonly Effect[];
  readonly calls: Calls;
}

/** `trueup/orphans@1`. */
export interface OrphansResult {
  readonly format: 'trueup/orphans@1';
  readonly complete: boolean;
  readonly owner: string;
  /** Objects that carry our marker and are declared nowhere. */
  readonly orphans: readonly Orphan[];
  readonly findings: readonly Finding[];
  readonly calls: Calls;
}

/** One thing that was tried at what runs. */
export interface VerifyCheck {
  readonly name: string;
  readonly ok: boolean;
  /** A whole sentence. */
  readonly detail: string;
}

/** `trueup/verify@1`. */
export interface VerifyResult {
  readonly format: 'trueup/verify@1';
  readonly ok: boolean;
  /** Of documents, and of `github`: the settings of the repository. */
  readonly checks: readonly (VerifyCheck & { readonly document: Address; readonly unknown?: true })[];
  readonly calls: Calls;
}

/** One thing wrong with the configuration, at its place. */
export interface Diagnostic {
  /** `TU1nnn`, see docs/reference.md. */
  readonly code: string;
  readonly message: string;
  /** Relative to the working directory; null for a fault of the whole tree. */
  readonly file: string | null;
  /** 1-based; 0 where there is no place in a file. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer into the document; empty for the whole. */
  readonly path: string;
  readonly hint?: string;
  /** The three lines around the place, for the text report; never in the JSON. */
  readonly frame?: { readonly first: number; readonly lines: readonly string[]; readonly length: number };
}

/** `trueup/validate@1`. */
export interface ValidateResult {
  readonly format: 'trueup/validate@1';
  readonly ok: boolean;
  readonly documents: number;
  readonly files: number;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}
