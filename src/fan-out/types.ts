/** Which objects are copied; what is absent admits all. Octets are of UTF-8. */
export interface ObjectFilter {
  readonly prefix?: string;
  readonly suffix?: string;
  /** Octets, inclusive. */
  readonly minSize?: number;
  /** Octets, inclusive. */
  readonly maxSize?: number;
}

/** One rule of a rewrite; each sees what the one before it left. */
export interface Replacement {
  /** A regular expression in RE2's syntax: no look-around, no back-reference. The first match is replaced. */
  readonly pattern: string;
  /** `$1` and `$<name>` are groups, `$&` is the match, `$$` a dollar sign. */
  readonly with: string;
}

/** How a key changes before the destination's prefix is put in front. */
export interface KeyRewrite {
  /** A prefix that is taken off; a key without it stays as it is. */
  readonly strip?: string;
  readonly replace?: readonly Replacement[];
}
