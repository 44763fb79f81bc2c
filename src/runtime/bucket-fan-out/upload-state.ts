/** What the row of a copy remembers of an unfinished multipart upload. */
export interface UploadState {
  /** Empty: one is being begun, or was when its maker died. */
  readonly uploadId: string;
  /** Octets of every part but the last. */
  readonly partSize: number;
  /** Which parts are finished, in the words of who copies them; at most 300,000 characters (an item holds 400 KB). */
  readonly finished: string;
  /** No header held the tags: they are put onto what has landed. */
  readonly hasLateTags?: true;
  /** Invocations in a row, up to the last, that finished no part, though they had their whole time. */
  readonly idle?: number;
}

/** The lease of a row ends so many milliseconds after it was taken or last saved: who holds it saves more often. */
export const LEASE_MS = 60_000;

/** The part of a copy's row that a large copy writes. Only one goes on at once: who holds the row's lease. */
export interface UploadRow {
  /**
   * Takes the lease, where nobody else holds it.
   * @returns what is remembered; undefined: somebody else is at it
   */
  take(): Promise<{ readonly state: UploadState | undefined } | undefined>;
  /**
   * Remembers the state, under the lease; undefined: there is no upload (any more).
   * @returns false: the lease was lost, somebody else is at it now
   */
  save(state: UploadState | undefined): Promise<boolean>;
  /**
   * Remembers the state and leaves the lease to the invocation that goes on.
   * @returns false: the lease was lost
   */
  handOver(state: UploadState): Promise<boolean>;
  /** Does the head still name what is being copied? */
  isCurrent(): Promise<boolean>;
}
