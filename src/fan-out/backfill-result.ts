import type { CollidingKey, UnseenDestination } from './verify-result.ts';

/** By service. S3 charges lists as it charges writes, and so they are counted. */
export type ServiceRequests = Readonly<
  Record<'S3' | 'DynamoDB' | 'SQS', { readonly reads: number; readonly writes: number }>
>;

/** What it takes to bring objects to a destination. */
export interface BackfillEstimate {
  readonly objects: number;
  /** Octets. */
  readonly bytes: number;
  /** Octets that go from one region to another. */
  readonly crossRegionBytes: number;
  /** Messages of work. */
  readonly messages: number;
  /** What copying takes, and handing the work over. */
  readonly requests: ServiceRequests;
  /** Some are copied in parts: how often the ledger hears of that depends on how long it takes. */
  readonly isAtLeast: boolean;
}

/** A run before this one that did not come to its end. */
export interface ResumedRun {
  /** Last key that it had handed over; empty: none. */
  readonly after: string;
  /** Objects that were handed over. */
  readonly sent: number;
  /** When the first of these runs began, ISO 8601. */
  readonly began: string;
}

/** A backfill of one destination. */
export interface BackfilledDestination {
  /** `bucket`, or `bucket/prefix`. */
  readonly destination: string;
  /** What is to be done in this run. */
  readonly foretold: BackfillEstimate;
  readonly resumed: ResumedRun | null;
  /** Objects that cannot be copied: another key maps to the same, or it maps to none. */
  readonly collisions: number;
  readonly unmappable: number;
  /** Objects that cannot be copied before they are restored. */
  readonly archived: number;
  /** Objects handed over by this run. */
  readonly sent: number;
  /** Large objects whose copy is not there yet, by the ledger, once the queue is empty; null: nobody looked. */
  readonly copying: number | null;
  /** Messages of work that are not done, approximately; null: nobody looked. */
  readonly waiting: number | null;
  /** Messages that failed for good since this run began, approximately; null: nobody looked. */
  readonly deadLetters: number | null;
}

/**
 * `foretold`: a dry run. `nothing`: all is there. `done`: the queues are empty, and no large object is on its way.
 * `copying`: large ones still are. `handed-over`: nobody waited for them.
 * `stuck`: for a long time nothing was done. `interrupted`: a next run goes on.
 */
export type BackfillOutcome = 'foretold' | 'nothing' | 'done' | 'copying' | 'handed-over' | 'stuck' | 'interrupted';

/** `trueup/fan-out-backfill@1`. */
export interface FanOutBackfillResult {
  readonly format: 'trueup/fan-out-backfill@1';
  /** `kind/name`. */
  readonly document: string;
  /** Nothing is in the way, nothing failed, and there is no object that cannot be copied. */
  readonly ok: boolean;
  readonly outcome: BackfillOutcome;
  readonly destinations: readonly BackfilledDestination[];
  /** Those that could not be looked at: nothing was handed over for them. */
  readonly unseen: readonly UnseenDestination[];
  /** Objects that are not copied, since another key has their place: of all destinations. */
  readonly colliding: readonly CollidingKey[];
  /** What the verb itself called, by service. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}
