import type { Draft, Late, OnRemove, Place, Target, Value } from './types.ts';
import type { Effect, Finding } from './plan-types.ts';

/** What the engine asks of a resource type, and what it is told. */

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
  /** How one of them is taken away, where no marker tells them apart. */
  readonly twinsHint?: string;
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

/** A value of bulk content that the document decides, and what is there instead; null: nothing. */
export interface Decided {
  readonly wanted: Value;
  readonly found: Value;
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
   * Properties by which an object is found: once they are known it is looked at, and compared, though others refer to what is
   * not there yet. Those are symbolic then. Default: all, and until they are known the object counts as absent.
   */
  readonly foundBy?: readonly (keyof Properties & string)[];
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
  /**
   * Bulk content that the document decides and the world changed, item by item: what an edit of the document would have to
   * turn into what is found. Asked after `observe`, of any target that the same place may have.
   */
  decided?(target: Target<Properties>, seen: Present<Properties, Attributes>): readonly Decided[];
  /** Who decides bulk content that no document does, for people: `the primary`. */
  readonly source?: string;
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
  /** Its objects belong to no region: within an account the same one, wherever its document is. */
  readonly global?: true;
  /** What is in it cannot be made again: released by default when nothing declares it, and never re-created silently. */
  readonly stateful?: true;
  /** Types whose objects of the same document go first: what refers, before what is referred to. */
  readonly removedAfter?: readonly string[];
  /**
   * Objects with the marker of one of these owners that the tagging API does not know (IAM).
   *
   * @param isDeclared by physical name: those need not be asked for.
   */
  list?(
    owners: readonly string[],
    place: Place,
    isDeclared: (resource: string) => boolean,
  ): AsyncIterable<MarkedObject>;
  /**
   * Whether an ARN is of this type, and what it tells; undefined: another type's, or an object that is gone.
   * @throws Error with the reason where the object must be looked at for that, and could not be.
   */
  locate?(found: MarkedObject): Promise<Located<Properties> | undefined>;
  /** What goes with it when it is deleted, beyond itself: extents are sealed, and counted for people. */
  losses?(target: Target<Properties>, seen: Present<Properties, Attributes>): Promise<readonly Difference[]>;
  /** What it holds that waits for somebody, who will not come once nothing declares it: said before it goes or is let go. */
  unattended?(target: Target<Properties>, seen: Present<Properties, Attributes>): Unattended | undefined;
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

/** A finding about what waits in an object. */
export interface Unattended {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly data: { readonly [name: string]: Value };
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
  /** Tried first, and where it is denied there is another way: it is never missing. */
  readonly optional?: true;
}

/** Something that carries an owner tag, as a list of tagged objects tells it. */
export interface MarkedObject {
  /** The tag's value, `owner/kind/name/id`. */
  readonly marker: string;
  readonly arn: string;
  readonly place: Place;
  /** Owners that the estate had: it may be named after one of them. */
  readonly formerOwners?: readonly string[];
}

export interface Located<Properties = Record<string, Value>> {
  /** Those by which it is found again. */
  readonly properties: Partial<Properties>;
  /** Does its name follow from the identity in its marker? A copied tag stands on an object of another name. */
  readonly witnessed: boolean;
  /** Only a tag says so, which anybody may write who may tag: then nothing is ever deleted on that ground (threats T68). */
  readonly byTag?: true;
}
