import type { Address, Comparison, Unknown, Value, VerifyCheck } from '../../engine/types.ts';

/** Starts a mirror pass: the rule's input, and what apply sends where it cannot reach the primary itself. */
export const MIRROR_ACTION = 'mirror';
/** Compares and writes nothing. */
export const PLAN_ACTION = 'plan';
/** Looks at everything that a pass needs: connections, rights, answers. */
export const VERIFY_ACTION = 'verify';

/** Metrics that a run leaves in its log, and the one that the alarm watches. */
export const METRIC_NAMESPACE = 'trueup/ZoneMirror';
export const ALARM_METRIC = 'Blocked';

export interface MirrorRequest {
  readonly action: typeof MIRROR_ACTION;
  /** `kind/name`: must be the function's own. */
  readonly document: Address;
  /** Sent by the rule: a full transfer may be due. */
  readonly scheduled?: boolean;
  /** Of a mirror in `reviewed` mode: what was reviewed; anything else is not written. */
  readonly expect?: Value;
}

export interface PlanRequest {
  readonly action: typeof PLAN_ACTION;
  readonly document: Address;
  /** As the plan's own: where the serial has not moved nothing is listed. */
  readonly listing: 'always' | 'when-moved';
}

export interface VerifyRequest {
  readonly action: typeof VERIFY_ACTION;
  readonly document: Address;
}

/** What the plan function answers: the same comparison that a plan makes itself. */
export type PlanAnswer =
  | { readonly outcome: 'unknown'; readonly unknown: Unknown }
  | {
      readonly outcome: 'compared';
      /** The serial that the mirror serves. */
      readonly serial: number | null;
      readonly comparison: Comparison;
      /** Changed records were left out: an answer has room for 5 MB of them. */
      readonly truncated?: true;
    };

export type MirrorOutcome = 'mirrored' | 'unchanged' | 'reported' | 'blocked' | 'failed' | 'refused-event';

/** What a pass came to: also the fields of its log line. Never a record's content. */
export interface MirrorAnswer {
  readonly outcome: MirrorOutcome;
  readonly document: Address;
  readonly serial?: { readonly from: number | null; readonly to: number };
  readonly add?: number;
  readonly change?: number;
  readonly remove?: number;
  readonly unchanged?: number | null;
  readonly kept?: number | null;
  /** Why it was blocked, failed or refused, and what should be known. */
  readonly findings?: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly hint?: string;
  }[];
}

export interface VerifyAnswer {
  readonly checks: readonly VerifyCheck[];
}
