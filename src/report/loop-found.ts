import type { Address } from '../engine/types.ts';

/** What one run of a loop found and did, as far as people are told of it. */
export interface LoopFound {
  /** The loop's own. */
  readonly document: Address;
  /** `report`, `heal` or `apply`. */
  readonly mode: string;
  /** `partial`: not everything could be looked at or written. */
  readonly outcome: string;
  /** How many were looked at. */
  readonly documents: number;
  /** The first of what differed. */
  readonly drifted: readonly LoopDifference[];
  /** How many differences are left. */
  readonly open: number;
  /** Actions. */
  readonly healed: number;
  readonly applied: number;
  readonly left: readonly { readonly document: Address; readonly why: string }[];
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
}

export interface LoopDifference {
  readonly id: Address;
  readonly document: Address;
  /** None: the object is gone. */
  readonly fields: readonly string[];
  /** It is as it was again. */
  readonly undone?: true;
}

/** The first of what is left. */
export function openDifferences<Difference extends LoopDifference>({
  drifted,
}: {
  readonly drifted: readonly Difference[];
}): readonly Difference[] {
  return drifted.filter(({ undone }) => undone !== true);
}

/** What of it waits for somebody: documents that differ for another reason than drift. What could not be seen is none. */
export function waiting({ left }: Pick<LoopFound, 'left'>): LoopFound['left'] {
  return left.filter(({ why }) => why !== 'unknown');
}
