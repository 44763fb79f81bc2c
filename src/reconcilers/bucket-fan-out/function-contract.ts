import type { Address } from '../../engine/types.ts';
import { fieldsOf } from '../../fan-out/fields.ts';
import type { FanOutDestination } from './fan-out-document.ts';

/** Copies what stands at the source now under these keys: what `backfill` asks of a function, and waits for. */
export const BACKFILL_ACTION = 'backfill';
/** Goes on with a large copy that another invocation began: what the function says to itself. */
export const CONTINUE_ACTION = 'continue';

/** A key of the source. */
export interface BackfillItem {
  readonly key: string;
}

/** Items of one request at most, so that one invocation does them in its time. */
export const MAX_ITEMS = 100;

export interface BackfillRequest {
  readonly action: typeof BACKFILL_ACTION;
  /** `kind/name`: must be the function's own. */
  readonly document: Address;
  readonly run: string;
  readonly items: readonly BackfillItem[];
}

/** The same as a message of the destination's work queue. */
export interface BackfillMessage {
  readonly trueup: 'fan-out';
  readonly document: Address;
  /** `destinationName` of the function's own destination. */
  readonly destination: string;
  /**
   * Of the backfill that found these keys to be copied; up to 64 letters, digits, `_` and `-`. A message that comes again
   * copies nothing twice; another run copies again what somebody took away.
   */
  readonly run: string;
  readonly items: readonly BackfillItem[];
}

export interface CopyContinuation {
  readonly action: typeof CONTINUE_ACTION;
  readonly document: Address;
  /** Keys of the copy's row in the ledger: it says all else. */
  readonly pk: string;
  readonly sk: string;
  /** To whom the row was left. */
  readonly token: string;
  /** How many were started one by the other before, this one included. */
  readonly turn: number;
}

/** A destination, in messages and for people: no bucket's name has a slash. */
export function destinationName({ bucket, prefix }: Pick<FanOutDestination, 'bucket' | 'prefix'>): string {
  return `${bucket}/${prefix}`;
}

/** What became of records and items, by how many. */
export interface FanOutCounts {
  readonly copied: number;
  readonly deleted: number;
  /** Deletions: nothing that is known to be their copy was there. */
  readonly kept: number;
  /** Something newer stands there, or is to. */
  readonly superseded: number;
  /** Our own copies, come back. */
  readonly skipped: number;
  /** Finished before. */
  readonly duplicates: number;
  /** In another invocation, which was begun or is at it. */
  readonly elsewhere: number;
  readonly collisions: number;
  /** They are to be restored first. */
  readonly archived: number;
  /** Only who put them has the key (SSE-C). */
  readonly customerKeys: number;
  /** Not of the filter, or of an event that copies nothing. */
  readonly ignored: number;
  /** They map to no key. */
  readonly unmappable: number;
  readonly refused: number;
  readonly failed: number;
  /** Copied with a tag as their loop marker, since their metadata have no room for it. */
  readonly tagged: number;
  /** Copied without metadata that S3 does not tell. */
  readonly incomplete: number;
  readonly bytes: number;
}

export function countsOfNone(): FanOutCounts {
  return {
    copied: 0,
    deleted: 0,
    kept: 0,
    superseded: 0,
    skipped: 0,
    duplicates: 0,
    elsewhere: 0,
    collisions: 0,
    archived: 0,
    customerKeys: 0,
    ignored: 0,
    unmappable: 0,
    refused: 0,
    failed: 0,
    tagged: 0,
    incomplete: 0,
    bytes: 0,
  };
}

export function sumCounts(one: FanOutCounts, other: FanOutCounts): FanOutCounts {
  const names = Object.keys(one) as (keyof FanOutCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as FanOutCounts;
}

/**
 * What a function answered, as data; undefined: nothing that tells what became of its work, as of a function that another
 * build of trueup made. Counts that it does not know are of none.
 */
export function readAnswer(answer: unknown): FanOutAnswer | undefined {
  const fields = fieldsOf(answer);
  const counted = fieldsOf(fields?.['counts']);
  if (!fields || !counted || !OUTCOMES.has(fields['outcome']) || !JUDGED.every((name) => isCount(counted[name]))) {
    return undefined;
  }
  const known = Object.entries(countsOfNone()).map(([name, none]) => {
    const count = counted[name];
    return [name, isCount(count) ? count : none];
  });
  return { ...(answer as FanOutAnswer), counts: Object.fromEntries(known) as unknown as FanOutCounts };
}

/** By which it is judged whether work is done. */
const JUDGED = ['copied', 'elsewhere', 'refused', 'failed'] as const satisfies readonly (keyof FanOutCounts)[];
const OUTCOMES: ReadonlySet<unknown> = new Set<FanOutAnswer['outcome']>(['done', 'failed', 'refused-event']);

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** What became of one item of a backfill. */
export interface ItemOutcome {
  readonly key: string;
  readonly is: string;
  /** Of a failure, or a collision. */
  readonly why?: string;
}

export interface FanOutAnswer {
  readonly outcome: 'done' | 'failed' | 'refused-event';
  readonly document: Address;
  readonly counts: FanOutCounts;
  /** Of a backfill: in the request's order. */
  readonly items?: readonly ItemOutcome[];
  readonly why?: string;
}

/** What Lambda is told of a batch of messages: those that come again (Lambda Developer Guide, "Reporting batch item failures"). */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export const METRIC_NAMESPACE = 'trueup/BucketFanOut';
/** Seconds for which the object of an event waits already, at each handover of its copy to another invocation. */
export const WAITING_METRIC = 'Waiting';
