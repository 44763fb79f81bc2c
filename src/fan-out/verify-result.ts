/** An object of the source, and where its copy is, or would be. */
export interface ComparedKey {
  /** `bucket`, or `bucket/prefix`. */
  readonly destination: string;
  /** Of the source. */
  readonly key: string;
  /** Of the copy. */
  readonly copyKey: string;
}

/** What no object of the source stands behind, and is not kept. */
export interface ExtraKey {
  readonly destination: string;
  /** Of the destination. */
  readonly key: string;
}

export interface CollidingKey extends ComparedKey {
  /** The other key of the source that maps to the same. */
  readonly with: string;
}

export interface UnmappableKey {
  readonly destination: string;
  readonly key: string;
  readonly why: 'empty' | 'too-long';
}

/** A destination that could not be looked at. */
export interface UnseenDestination {
  readonly destination: string;
  /** For people. */
  readonly why: string;
}

/** Counts of one destination. */
export interface VerifiedDestination {
  readonly destination: string;
  /** Objects of the source that are to be there. */
  readonly objects: number;
  readonly equal: number;
  readonly missing: number;
  readonly stale: number;
  /** Null: not looked for, since a rewrite moves keys about and only a part is compared. */
  readonly extra: number | null;
  /** Own copies that no object of the source stands behind any more, where deletions are not replicated: they are to stay. */
  readonly kept: number | null;
  readonly collisions: number;
  readonly unmappable: number;
}

/** `trueup/fan-out-verify@1`. */
export interface FanOutVerifyResult {
  readonly format: 'trueup/fan-out-verify@1';
  /** `kind/name`. */
  readonly document: string;
  /** All that is to be there is there, and nothing else. */
  readonly ok: boolean;
  /** False: it was interrupted. */
  readonly complete: boolean;
  readonly missing: readonly ComparedKey[];
  readonly stale: readonly ComparedKey[];
  readonly extra: readonly ExtraKey[];
  readonly collisions: readonly CollidingKey[];
  readonly unmappable: readonly UnmappableKey[];
  readonly destinations: readonly VerifiedDestination[];
  /** Those that could not be looked at: nothing is said of them above. */
  readonly unseen: readonly UnseenDestination[];
  /** By service. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}
