import type { TallyState } from './tally.ts';

/** Messages of a queue, approximately. */
export interface QueueCounts {
  readonly visible: number;
  /** Received, and neither deleted nor back yet. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** One state of a key, as a row of the ledger tells of it. */
export interface KeyRow {
  readonly state: TallyState;
  readonly version?: string;
  readonly etag?: string;
  /** Octets. */
  readonly size?: number;
  readonly deleted: boolean;
  /** When it came to be at the source, ISO 8601. */
  readonly at: string;
  readonly finished?: string;
  readonly error?: string;
  /** The head of the key names it: it stands at the destination, or is to. */
  readonly current: boolean;
}

export interface KeyStatus {
  /** At the destination; undefined: it goes nowhere. */
  readonly key?: string;
  /** Why it goes nowhere. */
  readonly why?: string;
  /** The newest first. */
  readonly rows: readonly KeyRow[];
}

export interface DestinationStatus {
  readonly destination: string;
  readonly account: string;
  readonly region: string;
  readonly function: 'present' | 'absent' | 'unknown';
  /** Null: the queue is missing. */
  readonly deadLetters: QueueCounts | null;
  readonly work: QueueCounts | null;
  /** Of the whole ledger: not where one key is asked for. */
  readonly copies?: Readonly<Record<TallyState, number>>;
  /** Seconds, of the last hour. */
  readonly lag?: { readonly p50: number; readonly max: number; readonly copies: number };
  readonly oldest?: { readonly key: string; readonly since: string; readonly seconds: number };
  readonly errors?: readonly { readonly key: string; readonly at: string; readonly error: string }[];
  readonly asked?: KeyStatus;
}

/** `trueup/fan-out-status@1`. */
export interface FanOutStatusResult {
  readonly format: 'trueup/fan-out-status@1';
  /** `kind/name`. */
  readonly document: string;
  /** No dead letters, no failures, no function or queue missing. */
  readonly ok: boolean;
  /** Of the source. */
  readonly key?: string;
  readonly destinations: readonly DestinationStatus[];
  /** Rows of the ledger that were counted; `all`: there are no more. */
  readonly counted?: { readonly rows: number; readonly all: boolean };
  /** By service. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}
