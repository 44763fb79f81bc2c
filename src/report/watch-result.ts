import type { Address } from '../engine/types.ts';
import type { LoopLeft } from './loop-found.ts';
import type { ErrorReport } from './options.ts';

/** One run of a loop in the foreground, `trueup/watch@1`. */
export interface WatchResult {
  readonly format: 'trueup/watch@1';
  /** When it began, ISO 8601. */
  readonly at: string;
  /** As a loop's run ends, or `error`: it did not come to an end. */
  readonly outcome: string;
  /** Of the loop; `watch` where none describes it. */
  readonly document: Address;
  readonly mode: string;
  readonly commit?: string;
  readonly documents: number;
  readonly drifted: readonly {
    readonly id: Address;
    readonly document: Address;
    readonly fields: readonly string[];
    readonly who?: string;
    /** It is as it was again. */
    readonly undone?: true;
  }[];
  /** How many things were other than they were applied, and how many of them still are. */
  readonly differences: number;
  readonly open: number;
  /** Actions. */
  readonly healed: number;
  readonly applied: number;
  readonly left: readonly LoopLeft[];
  /** How many documents these are: `left` names the first of them. */
  readonly leftAlone: number;
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly error?: ErrorReport;
}
