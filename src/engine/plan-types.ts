import type { Address, Pause, Value } from './types.ts';
import type { Change } from './resource-type.ts';

/** A plan as data: what is printed, sealed and written to a file. */

export type Verb = 'create' | 'update' | 'replace' | 'delete' | 'release' | 'adopt' | 'mark';

/** Why an action is planned: a closed set. */
export type Reason =
  | 'missing'
  | 'declared'
  | 'drifted'
  | 'both'
  | 'unfinished'
  | 'not-declared'
  | 'renamed'
  | 'inherited';

export interface Action {
  /** Address, `kind/name/logical id`. */
  readonly id: Address;
  /** `kind/name`. */
  readonly document: Address;
  readonly type: string;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  readonly action: Verb;
  readonly reason: Reason;
  readonly changes: readonly Change[];
  readonly dependsOn: readonly Address[];
  /** Hash of the object's own id, marker, protection and risk: what must not have moved. */
  readonly basis: string;
  /** References as they resolved at the review; null: not known yet, may become known. */
  readonly bound: Readonly<Record<string, Value>>;
}

/** What a change does in the world, for people; never sealed. */
export interface Effect {
  readonly document: Address;
  readonly code: string;
  readonly data: { readonly [key: string]: Value };
}

export type Severity = 'info' | 'warning' | 'blocks';

export interface Finding {
  readonly document: Address;
  readonly code: string;
  readonly severity: Severity;
  /** A whole sentence: what, why. */
  readonly message: string;
  /** The next command or the line of YAML. */
  readonly hint?: string;
  readonly data?: { readonly [key: string]: Value };
}

/** A guard that stands in the way, before it is bound to a plan's digest. */
export interface GuardTrip {
  readonly code: string;
  readonly document?: Address;
  /** What it is about where that is no document: a kind, an object, an account. */
  readonly about?: string;
  readonly message: string;
  readonly hint?: string;
  /** The line that the reviewer saw and that allows it by itself, such as `metadata.adopt`. */
  readonly allowedBy?: string;
  /** What it counts is sealed action by action: allowed once, it is allowed for what is left of it. */
  readonly sealed?: true;
}

export interface Guard extends GuardTrip {
  /** The line for `spec.overrides` in Settings that lets exactly this plan pass. */
  readonly allow: string;
  /** Allowed by an override that is in force. */
  readonly allowed: boolean;
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly adopt: number;
  readonly release: number;
  readonly unchanged: number;
  readonly kept: number;
}

export interface PlannedDocument {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly summary: string;
  /** Hash of the document and of the settings and documents it used. */
  readonly seal: string;
  readonly effects: readonly Effect[];
  readonly findings: readonly Finding[];
  readonly paused?: Pause;
}

/** API calls made, by service. */
export type Calls = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;

/** The pull request that a plan was made for. */
export interface PullRequestHead {
  readonly pull: number;
  /** Commits: the head that was planned, and where its history parts from its base branch's. */
  readonly head: string;
  readonly base: string;
  /** Git's object id of the configuration directory at the head; null: it is not known, and no apply can rely on it. */
  readonly tree: string | null;
}

/** `trueup/plan@1`: data, sorted, the stable interface (docs/reference.md) and the content of a plan file. */
export interface Plan {
  readonly format: 'trueup/plan@1';
  readonly digest: string;
  readonly complete: boolean;
  readonly owner: string;
  /** Accounts of the estate, alias → twelve digits. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly config: { readonly commit: string | null; readonly dirty: boolean; readonly digest: string };
  /** Set when --only or --exclude left documents out. */
  readonly partial?: true;
  /** No account was looked at: it shows what git changes, and nothing may be applied on its ground. */
  readonly offline?: true;
  /** What a pull request changes, and nothing else; not digested. */
  readonly github?: PullRequestHead;
  readonly summary: Summary;
  readonly documents: readonly PlannedDocument[];
  readonly actions: readonly Action[];
  readonly guards: readonly Guard[];
  /** Findings that belong to no single document. */
  readonly findings: readonly Finding[];
  readonly calls: Calls;
}
