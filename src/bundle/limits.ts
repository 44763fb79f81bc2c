/** What one archive may hold. */
export interface ArchiveLimits {
  /** Entries. */
  readonly entries: number;
  /** Octets of all contents. */
  readonly bytes: number;
}

/** As many as a configuration tree may have (threats T04, `src/engine/config/tree.ts`). */
export const TREE_LIMITS: ArchiveLimits = { entries: 10_000, bytes: 64 * 1024 * 1024 };

/** Octets of a bundle as it is stored. A tree at its limits that does not compress at all stays below. */
export const MAX_BUNDLE_BYTES = 80 * 1024 * 1024;

/** Octets of an approval with its plans: a few plans as large as one may be (`MAX_PLAN_BYTES`). */
export const MAX_APPROVAL_BYTES = 64 * 1024 * 1024;

/** Octets of an envelope: FLG.FEXTRA holds 65,535 in all, 4 of them before the content (RFC 1952 §2.3.1.1). */
export const MAX_ENVELOPE_BYTES = 65_531;
