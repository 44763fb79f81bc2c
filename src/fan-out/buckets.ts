import type { Named } from './ledger.ts';
import type { LedgerKey } from './ledger-keys.ts';
import type { Content } from './loop-marker.ts';

/**
 * Why an object cannot be copied, however often it is tried: it is to be restored first, or only who put it has the key
 * (SSE-C).
 */
export type Barred = 'archived' | 'customer-key';

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** An object of the source, looked at. */
export interface SourceObject extends Content {
  readonly versionId?: string;
  /** User metadata; names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** S3 copies all of them itself, more than it tells: nothing can be added. */
  readonly keepsMetadata?: true;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** What stands at the destination stays; of an object under a customer's key the ETag may be unknown (empty). */
  readonly barred?: Barred;
}

/** One copy that is to be made. */
export interface CopyJob<Source extends SourceObject> {
  readonly named: Named;
  readonly source: Source;
  /** User metadata of the copy. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the copy, instead of the source's. */
  readonly tags?: readonly ObjectTag[];
  /** The row that it belongs to. */
  readonly row: LedgerKey;
}

export type CopyResult =
  | {
      readonly is: 'landed';
      readonly etag: string;
      readonly versionId?: string;
      /** Some metadata is lost: S3 does not tell it, and copies it only with what one call copies. */
      readonly isIncomplete?: true;
    }
  /** The source has changed, or is gone. */
  | { readonly is: 'gone' }
  /** Another invocation goes on with it. */
  | { readonly is: 'continues' }
  /** Another invocation is at it. */
  | { readonly is: 'busy' }
  /** The head has moved on, or the source is gone; nothing has landed. */
  | { readonly is: 'moved' };

/** An object of the destination, whoever wrote it. */
export interface StandingObject {
  /** Octets. */
  readonly size: number;
  /** User metadata; names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** A deletion hides it, and it can be brought back. */
  readonly isVersion: boolean;
}

/** Source and destination. */
export interface Buckets<Source extends SourceObject> {
  /** @returns undefined: it is gone, or the current object where no version is asked for is a delete marker */
  look(sourceKey: string, versionId?: string): Promise<Source | undefined>;
  /** Of an object that was looked at. @returns undefined: it is gone */
  tags(sourceKey: string, source: Source): Promise<readonly ObjectTag[] | undefined>;
  copy(job: CopyJob<Source>): Promise<CopyResult>;
  /** @returns undefined: nothing stands there that we may see */
  standing(destinationKey: string): Promise<StandingObject | undefined>;
  /** Deletes at the destination. */
  remove(destinationKey: string): Promise<void>;
  /** Leaves nothing of the upload that a row remembers; something newer is to be there. */
  abandon(named: Named, row: LedgerKey): Promise<void>;
}
