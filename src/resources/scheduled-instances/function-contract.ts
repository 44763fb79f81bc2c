import type { Address, Place } from '../../engine/types.ts';

/** Decides for every instance and acts: the rule's input. */
export const RUN_ACTION = 'run';
/** Decides the same and acts on nothing. */
export const LOOK_ACTION = 'look';

/** Metrics that a run leaves in its log, and the one that the alarm watches. */
export const METRIC_NAMESPACE = 'trueup/InstanceSchedule';
export const ALARM_METRIC = 'Failed';

export interface RunRequest {
  readonly action: typeof RUN_ACTION | typeof LOOK_ACTION;
  /** `kind/name`: must be the function's own. */
  readonly document: Address;
}

/** A place that a run could not finish, and why. */
export interface Trouble extends Place {
  readonly message: string;
}

/** What a run came to: also the fields of its log line. */
export interface RunAnswer {
  /** `over-limit`: more than `maxActions`, so nothing was done. */
  readonly outcome: 'done' | 'looked' | 'over-limit' | 'failed' | 'refused-event';
  readonly document: Address;
  readonly instances: number;
  readonly started: number;
  readonly stopped: number;
  /** Of a look, or of a run over its limit: what would have been done. */
  readonly due: { readonly start: number; readonly stop: number };
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly malformed: number;
  /** Mode edge: instances that a run which did not happen should have started or stopped. */
  readonly missed: number;
  /** Starts and stops that EC2 refused. */
  readonly refused: readonly { readonly id: string; readonly error: string }[];
  readonly unreachable: readonly Trouble[];
  /** Why an event was not obeyed. */
  readonly why?: string;
}
