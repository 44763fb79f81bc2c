import type { Barred } from './buckets.ts';
import type { LedgerKey } from './ledger-keys.ts';
import type { Content } from './loop-marker.ts';

/** One state of a source's key: what a row of the ledger is about, and what a head names. */
export interface Named {
  readonly sourceKey: string;
  readonly destinationKey: string;
  /** Canonical; of what was found by a look the highest of the events that had come by then, or none. */
  readonly sequencer?: string;
  readonly versionId?: string;
  /** None: a deletion. */
  readonly etag?: string;
  /** Octets. */
  readonly size?: number;
  /** When it came to be at the source, in milliseconds since the epoch. */
  readonly at: number;
  /** The key is gone at the source, and is to be gone at the destination. */
  readonly isDeleted: boolean;
  /** Sort key of its row. */
  readonly sk: string;
  /** Told by the row and by the copy's loop marker. */
  readonly nonce: string;
  /** Of the backfill that it was last looked at for. */
  readonly run?: string;
}

/** A copy that was seen to stand: the row that tells of it, and of what. */
export interface Standing {
  readonly sk: string;
  readonly nonce: string;
  readonly sourceKey: string;
}

/** What a destination's key is to hold. It never expires, but where the key is gone. */
export interface Head extends Named {
  /** Raised by each claim. */
  readonly turn: number;
  /** It was brought there after the last claim. */
  readonly isCopied: boolean;
  /** Claims leave it: what was ours there is ours until it is gone. */
  readonly stands?: Standing;
}

/**
 * `copying`: begun; whoever began it may be gone. `done`: it was copied, or deleted, and nothing newer was known.
 * `superseded`: something newer stands, or is to stand, there. `skipped`: it was our own copy come back. `collision`:
 * another source has that destination's key. `kept`: a deletion, and nothing that stands there is known to be its copy.
 * `archived`, `customer-key`: S3 does not copy it as it is.
 */
export type CopyState = 'copying' | 'done' | 'superseded' | 'skipped' | 'collision' | 'kept' | Barred;

export interface CopyRow extends Named {
  readonly state: CopyState;
  /** The ETag is of the octets alone; false where that is not known. */
  readonly isPlain: boolean;
  readonly checksum?: Content['checksum'];
  /** It has an upload that was not finished. */
  readonly hasUpload: boolean;
  /** Attempts that have not said that they are over, the asking one apart: what they land may still come, or stand. */
  readonly openAttempts: number;
}

/** What a row is told at its end. */
export interface Finish {
  readonly state: Exclude<CopyState, 'copying'>;
  readonly content?: Content;
  /** Of the copy at the destination. */
  readonly copy?: { readonly etag: string; readonly versionId?: string };
}

export type Claim =
  | { readonly is: 'claimed'; readonly head: Head }
  /** An event's: something newer was claimed. */
  | { readonly is: 'superseded'; readonly head: Head }
  /** An event's: it does not say whether it is newer than what was claimed. */
  | { readonly is: 'unordered' }
  /** The head is not as it was seen. */
  | { readonly is: 'moved' };

/** The ledger of one destination. Every member is one call; all throw where the table cannot be asked (threats F34). */
export interface Ledger {
  /**
   * Writes the row as `copying`, where there is none, and the attempt as open; where a row is there, only that, and not
   * even that where it is finished and no attempt is open.
   *
   * @returns the row that was there
   */
  begin(pk: string, named: Named, attempt: string): Promise<CopyRow | undefined>;
  /**
   * The head names this from now on: for an event where there is none, or `orderOfEvent` says `newer`.
   * @param seen for a look: where the head is still as it was seen, by its turn (`none`: absent); `some`: for an event,
   * but not where there is no head, or what that names came to be later
   */
  claim(pk: string, named: Named, seen?: number | 'none' | 'some'): Promise<Claim>;
  head(pk: string): Promise<Head | undefined>;
  /**
   * The head still names this row: it is marked as copied.
   * @param standing what stands there now; `unchanged`: it was not touched
   */
  confirm(pk: string, sk: string, standing: Standing | 'nothing' | 'unchanged'): Promise<boolean>;
  /**
   * The row's end, and that of the attempt and of those that had failed when it began: whatever they landed, this one
   * looked at the head afterwards.
   */
  finish(key: LedgerKey, finish: Finish, attempt: string): Promise<void>;
  /** The attempt is over, and somebody else ends the row. */
  leave(key: LedgerKey, attempt: string): Promise<void>;
  /**
   * Why the attempt failed, for people, where the row is `copying`, and that it has. It stays open: it may have landed
   * something, and has not looked at the head since.
   *
   * @param attempt undefined: it may write something still, and is not to be counted among those that do not
   */
  fail(key: LedgerKey, error: unknown, attempt: string | undefined): Promise<void>;
  row(key: LedgerKey): Promise<CopyRow | undefined>;
  /** Rows of looks that are `copying`: who began them may be gone, and look again under another name. */
  unfinishedLooks(pk: string): Promise<readonly CopyRow[]>;
  /** Where the row is `copying`, and no upload is left of it: `superseded`. Its attempts stay open. */
  giveUp(key: LedgerKey): Promise<void>;
}
