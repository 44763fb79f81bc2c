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
  /** How many differences there were, and how many are left. */
  readonly differences: number;
  readonly open: number;
  /** Actions. */
  readonly healed: number;
  readonly applied: number;
  /** The first documents that differ for another reason than drift, or could not be looked at. */
  readonly left: readonly LoopLeft[];
  /** How many these are by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
}

export interface LoopLeft {
  readonly document: Address;
  readonly why: string;
  /** What a finding says of it; may quote names of other people's things. */
  readonly message?: string;
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

const UNSEEN = 'unknown';

/**
 * The first of what waits for somebody: documents that differ for another reason than drift. What could not be seen is
 * none of them.
 */
export function waiting({ left }: Pick<LoopFound, 'left'>): LoopFound['left'] {
  return left.filter(({ why }) => why !== UNSEEN);
}

/** How many documents wait, by reason, in the order in which the reasons were met first. */
export function waitingReasons({ reasons }: Pick<LoopFound, 'reasons'>): readonly (readonly [why: string, number])[] {
  return Object.entries(reasons).filter(([why]) => why !== UNSEEN);
}

/** How many documents wait. */
export function waitingCount(found: Pick<LoopFound, 'reasons'>): number {
  return waitingReasons(found).reduce((sum, [, number]) => sum + number, 0);
}

/** The first of the documents that could not be looked at. */
export function unseen({ left }: Pick<LoopFound, 'left'>): LoopFound['left'] {
  return left.filter(({ why }) => why === UNSEEN);
}

/** How many could not be looked at. */
export function unseenCount({ reasons }: Pick<LoopFound, 'reasons'>): number {
  return reasons[UNSEEN] ?? 0;
}
