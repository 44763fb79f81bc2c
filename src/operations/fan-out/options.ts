import type { CommandOptions } from '../plan.ts';

/** What all verbs of a fan-out are given. */
export interface FanOutOptions extends CommandOptions {
  /** Of a BucketFanOut: its name, or `kind/name`. */
  readonly name: string;
  /** Buckets of destinations; default: all. */
  readonly destinations?: readonly string[];
  /** Aborted: nothing new starts. */
  readonly stop?: AbortSignal;
}
