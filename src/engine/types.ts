import type { ConfigCode } from './config/codes.ts';
import type { Action, Effect, Finding, GuardTrip } from './plan-types.ts';
import type { VerifyCheck } from './results.ts';

export type * from './plan-types.ts';
export type * from './resource-type.ts';
export type * from './results.ts';

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
  /** The first of `formerly` in Settings, or the owner: names follow from it, so that a new owner renames nothing. */
  readonly firstOwner: string;
  /** Name of the policy that bounds every role, the same in all accounts; valid configurations with roles have it. */
  readonly permissionsBoundary?: string;
  /** ARN of the topic that hears of alarms. */
  readonly alarmTopic?: string;
  /** Tags from Settings for everything that can carry tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** As Settings declare them, in the order of their aliases. */
  readonly accounts: readonly Account[];
  /** Where applies exclude each other, in the default account and region; neither: a bucket of trueup's own. */
  readonly lease: { readonly bucket?: string; readonly table?: string };
  /** Alias or twelve digits, and region; each defaults to Settings. Throws a ConfigError for an unknown account. */
  place(account?: string, region?: string): Place;
  document(address: Address): Document | undefined;
  /** Every document of a kind, in the order of their addresses. */
  documents(kind: string): readonly Document[];
  /** The code of a handler of this version, by its name. */
  readonly handler: (name: string) => HandlerCode;
}

/** What is wrong, or may not be meant, with a valid document in its estate, found without looking at the world. */
export interface DocumentFault {
  readonly code: ConfigCode;
  /** JSON pointer into the document. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** Only said: the document stays valid. */
  readonly warning?: true;
}

/** One folder under `reconcilers/`. Pure: documents in, desired resources and effects out. */
export interface Kind<Spec = unknown> {
  readonly kind: string;
  /** Its documents make roles: Settings must name the permissions boundary. */
  readonly makesRoles?: true;
  /** What makes `validate` refuse the document, or warn of it. */
  faults?(document: Document<Spec>, estate: Estate): readonly DocumentFault[];
  /** What no resource type sees and a plan should say: findings about the world around the resources. */
  look?(document: Document<Spec>, estate: Estate): Promise<readonly Finding[]>;
  /** What runs really answers. */
  verify?(document: Document<Spec>, estate: Estate): Promise<readonly VerifyCheck[]>;
  /** Desired resources of one document, in any order. */
  compile(document: Document<Spec>, estate: Estate): readonly Desired[];
  /** Findings that follow from the documents alone: conflicts between documents, fields not used by this version. */
  check?(document: Document<Spec>, estate: Estate, all: readonly Document[]): readonly Finding[];
  /**
   * Which part of a document an object serves, by its logical id, where one thing that people declare is many objects: the
   * guard on deletions counts each part once. undefined: the object is one by itself.
   */
  part?(logicalId: string): string | undefined;
  /** Trips of this kind's own guards on its planned actions. */
  guards?(document: Document<Spec>, actions: readonly Action[]): readonly GuardTrip[];
  /** What its resources say of the world, put together, and what its planned actions mean; default: side by side. */
  effects?(
    effects: readonly Effect[],
    planned: { readonly document: Document<Spec>; readonly estate: Estate; readonly actions: readonly Action[] },
  ): readonly Effect[];
  /** Functions by what people call them, with the logical ids of their resources; default: by these ids. */
  functionNames?(document: Document<Spec>, estate: Estate): ReadonlyMap<string, string>;
  /** The field after which a resource is named, and so fixed once it is made; undefined: named after the document. */
  namedBy?(document: Document<Spec>, id: string): NamingField | undefined;
  /**
   * What people need of it once it is there, such as an address: an apply says it at its end.
   *
   * @param attributeOf of a resource by its logical id; undefined while it is not there.
   */
  outputs?(
    document: Document<Spec>,
    estate: Estate,
    attributeOf: (id: string, attribute: string) => Value | undefined,
  ): readonly { readonly name: string; readonly value: string }[];
  /** One line of what the document is, for people. */
  summary(document: Document<Spec>): string;
}

/** A field of a document that gives a resource its name. */
export interface NamingField {
  /** `spec.topic`. */
  readonly field: string;
  /** How another value is come by; for people. */
  readonly otherwise: string;
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
  /** After whom it was named (`Estate.firstOwner`); undefined: the same. */
  readonly firstOwner?: string;
  /** Owners that the estate had, if any: their markers count as well. */
  readonly formerOwners?: readonly string[];
  readonly place: Place;
  readonly properties: Late<Properties>;
}

/** A desired resource with its references resolved. */
export interface Target<Properties = Record<string, Value>> {
  readonly address: Address;
  /** Its address under the first name of its document, after which it was named; undefined: the same. */
  readonly named?: Address;
  readonly owner: string;
  /** After whom it was named (`Estate.firstOwner`); undefined: the same. */
  readonly firstOwner?: string;
  /** Owners that the estate had, if any: their markers count as well. */
  readonly formerOwners?: readonly string[];
  readonly place: Place;
  readonly properties: Properties;
  /** hash(address, seal): the same at every retry of one plan; idempotency token of creates. */
  readonly token: string;
  /** What `trueup:applied` must hold when the target is reached. */
  readonly applied: string;
  readonly protect: boolean;
  readonly onRemove?: OnRemove;
}

/** The engine's whole view of time. Tests and the embedded account turn it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends early, without an error, when `stop` is aborted. */
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
}
