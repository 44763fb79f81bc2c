import type { Address } from '../../engine/types.ts';

/** Runs the loop once: the rule's input. */
export const RUN_ACTION = 'run';

/** Goes on with a run that another invocation began: what the function says to itself. */
export const CONTINUE_ACTION = 'continue';

export interface LoopRequest {
  readonly action: typeof RUN_ACTION;
  /** `kind/name`: must be the function's own. */
  readonly document: Address;
}

export interface LoopContinuation {
  readonly action: typeof CONTINUE_ACTION;
  readonly document: Address;
  /** Id of the run, a UUID. */
  readonly run: string;
  /** Which invocation of it. */
  readonly part: number;
}

/** Metrics that a run leaves in its log, and the one that `Alarm` watches: 0 or 1 of every run. */
export const METRIC_NAMESPACE = 'trueup/ReconcileLoop';
export const ALARM_METRIC = 'Failed';

/** Tag of the function itself: what it took and wrote last (src/operations/loop/floor.ts). */
export const TAKEN_TAG = 'trueup:taken';

/** SHA-256 of the function's own zip, base64, as Lambda tells it: no zip can hold its own hash. */
export const OWN_CODE_VARIABLE = 'TRUEUP_OWN_CODE';
