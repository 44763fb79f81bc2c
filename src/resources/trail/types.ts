import type { Address, Change, Effect, Place, Tool, Value } from '../../engine/types.ts';

/** What a request said, its fields in the spelling of CloudTrail: the first letter is a small one. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One event of CloudTrail, as far as it tells who did what. */
export interface TrailRecord {
  readonly eventId: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly at: string;
  /** `lambda.amazonaws.com`. */
  readonly source: string;
  /** Without the version of the API that Lambda writes behind it. */
  readonly name: string;
  readonly parameters: Parameters;
  /** It changed nothing: it was refused, or only looked. */
  readonly idle: boolean;
  readonly actor: string;
  readonly sourceIdentity?: string;
  /** Of an assumed role: names of the role and of the session. */
  readonly session?: { readonly role: string; readonly name: string };
  readonly userAgent: string;
  readonly how: Tool;
}

/** An object that is not as it should be. */
export interface Subject {
  readonly id: Address;
  /** CloudFormation's name. */
  readonly type: string;
  /** Physical name or id. */
  readonly resource: string;
  readonly place: Place;
  /** The declared ones, as far as they are known. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** It is gone: `changes` mean nothing. */
  readonly missing: boolean;
  readonly changes: readonly Pick<Change, 'path' | 'before' | 'after'>[];
  /** What its document says of bulk content. */
  readonly effects: readonly Effect[];
}

/** What a request wrote, in the words of the resource type. */
export interface Written {
  /** By property: null or nothing where it was taken away; `HIDDEN` where the trail does not say. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By key; null: taken away. */
  readonly tags?: Readonly<Record<string, Value>>;
  /** The object itself went. */
  readonly removed?: true;
}

/** The value is written, and the trail does not tell it. */
export const HIDDEN: unique symbol = Symbol('hidden');

/** Undefined: the request is about another object of the same name in the trail. */
export type Reading = (parameters: Parameters, subject: Subject) => Written | undefined;

/** One object to be looked up, and what of it is not as it should be. */
export interface Lookup {
  /** By which CloudTrail may list it, the likeliest first; none: it cannot be looked up. */
  readonly names: readonly string[];
  readonly changes: Subject['changes'];
}

/** How a resource type shows in the trail. */
export interface TrailRow {
  /** `lambda.amazonaws.com`. */
  readonly source: string;
  /** Its events are in us-east-1, wherever the caller was. */
  readonly global?: true;
  /** One name holds many objects, such as a zone its records: what wrote none of those that differ wrote others. */
  readonly apart?: true;
  /** Its parts are looked up, each for itself: they are there where it as a whole is not. */
  readonly parts?: true;
  lookups(subject: Subject): readonly Lookup[];
  /** By name of the event. */
  readonly writes: Readonly<Record<string, Reading>>;
}
