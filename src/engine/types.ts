import type { ConfigCode } from './config/codes.ts';

/** The words of the engine. Everything that is planned, sealed, printed or rendered is data (`Value`). */

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** An attribute of another resource of the same document; renders as `Fn::GetAtt`. */
export interface Ref {
  readonly $get: readonly [id: string, attribute: string];
}

/** Strings and references put together; renders as `Fn::Join` with an empty separator. */
export interface Join {
  readonly $join: readonly (string | Ref)[];
}

/** A value in which strings may be known only after another resource exists. */
export type Late<T> = T extends string
  ? T | Ref | Join
  : T extends readonly (infer Item)[]
    ? readonly Late<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Late<T[Key]> }
      : T;

/** Where an object lives. The engine only groups by it: budgets, labels, `unknown` per place. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** `kind/name` of a document, `kind/name/logical id` of a resource: identity, plan key, sort key. */
export type Address = string;

/** A position in a configuration file, 1-based. */
export interface Source {
  /** Relative to the working directory, POSIX separators. */
  readonly file: string;
  readonly line: number;
}

export interface Pause {
  /** ISO 8601 date: the first day on which the pause no longer holds. */
  readonly until: string;
  readonly reason: string;
  readonly ref?: string;
}

/** What becomes of an object when nothing declares it any more: it is let go, or it is deleted. */
export type OnRemove = 'release' | 'delete';

/** One YAML document, validated against its kind's schema, defaults filled in. */
export interface Document<Spec = unknown> {
  readonly kind: string;
  readonly name: string;
  readonly formerly: readonly string[];
  readonly protect: boolean;
  readonly adopt: boolean;
  readonly pause?: Pause;
  /** Undefined: the kind's default. */
  readonly onRemove?: OnRemove;
  readonly spec: Spec;
  readonly source: Source;
}

/** An account as Settings declare it. */
export interface Account {
  readonly alias: string;
  readonly id: string;
  readonly planRole?: string;
  readonly applyRole?: string;
  readonly externalId?: string;
}

/** The code of a function, as it ships with this version. */
export interface HandlerCode {
  /** SHA-256 of the zip, base64, as Lambda tells it. */
  readonly sha256: string;
  /** trueup's version. */
  readonly version: string;
}

/** What a kind may know of the estate while it compiles: pure look-ups. */
export interface Estate {
  readonly owner: string;
  /** Name of the policy that bounds every role, the same in all accounts; valid configurations with roles have it. */
  readonly permissionsBoundary?: string;
  /** ARN of the topic that hears of alarms. */
  readonly alarmTopic?: string;
  /** Tags from Settings for everything that can carry tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Alias or twelve digits, and region; each defaults to Settings. Throws a ConfigError for an unknown account. */
  place(account?: string, region?: string): Place;
  document(address: Address): Document | undefined;
  /** The code of a handler of this version, by its name. */
  readonly handler: (name: string) => HandlerCode;
}

/** What is wrong with a valid document in its estate, found without looking at the world. */
export interface DocumentFault {
  readonly code: ConfigCode;
  /** JSON pointer into the document. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** One folder under `reconcilers/`. Pure: documents in, desired resources and effects out. */
export interface Kind<Spec = unknown> {
  readonly kind: string;
  /** Its documents make roles: Settings must name the permissions boundary. */
  readonly makesRoles?: true;
  /** What makes `validate` refuse the document. */
  faults?(document: Document<Spec>, estate: Estate): readonly DocumentFault[];
  /** What no resource type sees and a plan should say: findings about the world around the resources. */
  look?(document: Document<Spec>, estate: Estate): Promise<readonly Finding[]>;
  /** What runs really answers. */
  verify?(document: Document<Spec>, estate: Estate): Promise<readonly VerifyCheck[]>;
  /** Desired resources of one document, in any order. */
  compile(document: Document<Spec>, estate: Estate): readonly Desired[];
  /** Findings that follow from the documents alone: conflicts between documents, fields not used by this version. */
  check?(document: Document<Spec>, estate: Estate, all: readonly Document[]): readonly Finding[];
  /** Trips of this kind's own guards on its planned actions. */
  guards?(document: Document<Spec>, actions: readonly Action[]): readonly GuardTrip[];
  /** One line of what the document is, for people. */
  summary(document: Document<Spec>): string;
}

/** What git asks for. A property that is not named here is unmanaged: neither compared nor reset. */
export interface Desired {
  /** Logical id, `[A-Za-z0-9]{1,64}`. */
  readonly id: string;
  readonly type: string;
  readonly place: Place;
  readonly properties: Late<{ readonly [name: string]: Value }>;
  /** Order where no value flows. */
  readonly after?: readonly string[];
}

/** A desired resource whose references need not be known yet. */
export interface Draft<Properties = Record<string, Value>> {
  readonly address: Address;
  /** Its address under the first name of its document, after which it was named; undefined: the same. */
  readonly named?: Address;
  readonly owner: string;
  readonly place: Place;
  readonly properties: Late<Properties>;
}

/** A desired resource with its references resolved. */
export interface Target<Properties = Record<string, Value>> {
  readonly address: Address;
  /** Its address under the first name of its document, after which it was named; undefined: the same. */
  readonly named?: Address;
  readonly owner: string;
  readonly place: Place;
  readonly properties: Properties;
  /** hash(address, seal): the same at every retry of one plan; idempotency token of creates. */
  readonly token: string;
  /** What `trueup:applied` must hold when the target is reached. */
  readonly applied: string;
  readonly protect: boolean;
  readonly onRemove?: OnRemove;
}

export interface Absent {
  readonly state: 'absent';
}

export type UnknownReason = 'denied' | 'throttled' | 'unreachable' | 'failed' | 'parent-unknown';

/** Could not be looked at. Never read as absence. */
export interface Unknown {
  readonly state: 'unknown';
  readonly reason: UnknownReason;
  readonly detail: string;
}

export interface Present<Properties = Record<string, Value>, Attributes = Record<string, Value>> {
  readonly state: 'present';
  /** Physical name or id, as people copy it. */
  readonly resource: string;
  readonly properties: Partial<Properties>;
  readonly attributes: Attributes;
  /** The marker as found, `owner/kind/name/id`; undefined: none. */
  readonly marker: string | undefined;
  /** Does the immutable witness (caller reference, deterministic name) belong to the target's identity? */
  readonly witness: boolean;
  /** `trueup:applied` as found; undefined: half made, or a type without own tags. */
  readonly applied: string | undefined;
  readonly protected: boolean;
  /** `trueup:on-remove` as found on the object; undefined: its type's default. */
  readonly onRemove?: OnRemove;
  /** What makes a write dangerous, such as `{ "empty": false }`. Sealed. */
  readonly risk?: Readonly<Record<string, Value>>;
  /** Further objects with the same marker (after a lost reply): always a finding. */
  readonly twins?: readonly string[];
}

export type Observation<Properties = Record<string, Value>, Attributes = Record<string, Value>> =
  | Absent
  | Unknown
  | Present<Properties, Attributes>;

/** One crash-safe step was taken. Not done: observe and call once more after `again` milliseconds. */
export type Progress =
  | { readonly done: true }
  | { readonly done: false; readonly waiting: string; readonly again: number };

/** How much of bulk content moves; `population` is what is there now and ours. */
export interface Extent {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly population: number;
}

/** What a type says differs. `after` keeps references symbolic, so the text is the same before and after ids are known. */
export interface Difference {
  readonly path: string;
  readonly before: Value;
  readonly after: Value | Late<Value>;
  readonly extent?: Extent;
  /** Fingerprints of the single items of bulk content that move, sorted: what is left must be a part of what was reviewed. */
  readonly items?: readonly string[];
  /** Moves by itself: shown, never sealed. */
  readonly live?: true;
  /** Cannot be changed in place. */
  readonly replaces?: true;
  /** Said by types without own tags, where no hash of the last apply exists. */
  readonly cause?: Cause;
}

/** Who moved: git, the world, both; unknown where nothing tells. */
export type Cause = 'git' | 'drift' | 'both' | 'unknown';

export interface Change extends Omit<Difference, 'replaces'> {
  readonly cause: Cause;
}

/** What a bulk or shared type reports when it compares. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Entries in it that are not ours and stay. */
  readonly kept?: number;
  readonly effects?: readonly Effect[];
  readonly findings?: readonly Finding[];
  /** What it should hold can be seen only once the document is applied: the plan after that says it first. */
  readonly later?: true;
}

/** One file (or folder) under `resources/`, built with its clients in its closure: the engine never sees a client. */
export interface ResourceType<Properties = Record<string, Value>, Attributes = Record<string, Value>> {
  /** CloudFormation's name. */
  readonly type: string;
  /** Where ownership is written: on the object, on its container, in its name, as an entry, or on the object after creation. */
  readonly marker: 'tag' | 'container' | 'name' | 'entry' | 'companion';
  /**
   * Managed top-level properties in the order of their hashes in `trueup:applied` (at most 40). None: the type is only
   * content (`foresee`), and without content there is nothing to create.
   */
  readonly managed: readonly string[];
  /** immutable: a change replaces · initial: set at create, then unmanaged. */
  readonly fields?: { readonly [Key in keyof Properties]?: 'immutable' | 'initial' };
  /**
   * A property of a new object as the plan may show it; default: as it is declared. Types that hold secrets put
   * `{ secret: true }` in their place, here and in what `compare` says (threats T28).
   */
  show?(property: string, value: Late<Value>): Late<Value>;
  /** Physical name or id before the object exists, for people. */
  describe(draft: Draft<Properties>): string;
  /** Attributes that follow from the target alone: references to them resolve before the object exists. */
  predict?(target: Target<Properties>): Partial<Attributes>;
  observe(target: Target<Properties>): Promise<Observation<Properties, Attributes>>;
  /** Default: structural over the managed properties. Unknown where that needs a look that fails. */
  compare?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<Comparison | Unknown>;
  /** What creating it would bring, where that is more than its properties (bulk content). */
  foresee?(draft: Draft<Properties>): Promise<Comparison | Unknown>;
  /** Actions with one key never overlap: one change in flight per zone. */
  exclusive?(target: Target<Properties>): string;
  create(target: Target<Properties>): Promise<Progress>;
  /** Also called without differences, to finish a half-made object and write `trueup:applied`. */
  update(
    target: Target<Properties>,
    seen: Present<Properties, Attributes>,
    differences: readonly Difference[],
  ): Promise<Progress>;
  /** Writes the marker and nothing else. Types owned through a container have none. */
  adopt?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<Progress>;
  /** What is in it cannot be made again: released by default when nothing declares it, and never re-created silently. */
  readonly stateful?: true;
  /** Types whose objects of the same document go first: what refers, before what is referred to. */
  readonly removedAfter?: readonly string[];
  /**
   * Objects with the owner's marker that the tagging API does not know (IAM).
   *
   * @param isDeclared by physical name: those need not be asked for.
   */
  list?(owner: string, place: Place, isDeclared: (resource: string) => boolean): AsyncIterable<MarkedObject>;
  /**
   * Whether an ARN is of this type, and what it tells; undefined: another type's, or an object that is gone.
   * @throws Error with the reason where the object must be looked at for that, and could not be.
   */
  locate?(found: MarkedObject): Promise<Located<Properties> | undefined>;
  /** What goes with it when it is deleted, beyond itself: extents are sealed, and counted for people. */
  losses?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<readonly Difference[]>;
  /** Deletes it, in steps that a crash may interrupt. A type without is never pruned by itself. */
  remove?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<Progress>;
  /** Takes our tags away and nothing else: nobody owns it afterwards. */
  release?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<Progress>;
  /**
   * What the calls of this need of IAM, exactly. References may still be open: they count as unknown, and a resource that
   * cannot be named is `*`.
   */
  permissions(draft: Draft<Properties>, use: Use): readonly Permission[];
}

/** What is done to an object, as far as permissions tell it apart. */
export type Use = 'read' | 'create' | 'update' | 'delete' | 'adopt' | 'release';

/** One action of IAM on one resource. */
export interface Permission {
  /** `lambda:CreateFunction`. */
  readonly action: string;
  /** An ARN; `*` where the action knows no resources. */
  readonly resource: string;
  /** Context that the call has, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Something that carries an owner tag, as a list of tagged objects tells it. */
export interface MarkedObject {
  /** The tag's value, `owner/kind/name/id`. */
  readonly marker: string;
  readonly arn: string;
  readonly place: Place;
}

export interface Located<Properties = Record<string, Value>> {
  /** Those by which it is found again. */
  readonly properties: Partial<Properties>;
  /** Does its name follow from the identity in its marker? A copied tag stands on an object of another name. */
  readonly witnessed: boolean;
}

export type Verb = 'create' | 'update' | 'replace' | 'delete' | 'release' | 'adopt' | 'mark';

/** Why an action is planned: a closed set. */
export type Reason = 'missing' | 'declared' | 'drifted' | 'both' | 'unfinished' | 'not-declared' | 'renamed';

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
  readonly summary: Summary;
  readonly documents: readonly PlannedDocument[];
  readonly actions: readonly Action[];
  readonly guards: readonly Guard[];
  /** Findings that belong to no single document. */
  readonly findings: readonly Finding[];
  readonly calls: Calls;
}

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
}

export interface DriftedResource {
  readonly document: Address;
  readonly id: Address;
  readonly type: string;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  readonly changes: readonly Change[];
  readonly who?: {
    readonly actor: string;
    readonly event: string;
    readonly at: string;
    readonly confidence: 'exact' | 'likely' | 'not visible yet';
  };
}

export interface MissingResource {
  readonly document: Address;
  readonly id: Address;
  readonly type: string;
  readonly account: string;
  readonly region: string;
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
  readonly checks: readonly (VerifyCheck & { readonly document: Address })[];
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

/** The engine's whole view of time. Tests and the embedded account turn it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends early, without an error, when `stop` is aborted. */
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
}
