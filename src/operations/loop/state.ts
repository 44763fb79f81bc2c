import { AwsError } from '../../aws/errors.ts';
import type { LeftAlone, NotHealed } from '../../engine/heal.ts';
import type { Address } from '../../engine/types.ts';
import type { Difference, Taken } from './types.ts';

/** What a loop knows between two runs. Advice, but for `generation` and `commit`, which no older tree may pass. */
export interface LoopState {
  readonly format: 'trueup/loop@1';
  readonly generation?: number;
  readonly commit?: string;
  /** The seal (its beginning) with which each document was last seen without a difference. */
  readonly inLine: Readonly<Record<Address, string>>;
  /** Approved plans that are done (`planKey`): the latest are kept. */
  readonly spent?: readonly string[];
  /** Version of the lease when all this was seen: as long as it stands there, nobody else has written since. */
  readonly calm?: string;
  /** Was there drift, or a failure, at the end of the last run? */
  readonly drift?: boolean;
  readonly failure?: string;
  /** Milliseconds since the epoch: since when others have held the lease at every run. */
  readonly keptOutSince?: number;
  readonly position?: Position;
}

/** Where a run stands that goes on in another invocation. */
export interface Position {
  readonly id: string;
  /** Milliseconds since the epoch: from then on nobody waits for it. */
  readonly until: number;
  /** Digest of the tree. */
  readonly bundle: string;
  /** Slices that are done. */
  readonly next: number;
  /** Of the lease that was handed over, and whether nobody else had written when it was taken. */
  readonly token?: string;
  readonly undisturbed?: boolean;
  /** How far this run is with approved plans (`planKey`). */
  readonly plans?: Readonly<Record<string, PlanProgress>>;
  /** Invocations, one after the other, in which the step at hand did not get on. */
  readonly stalled?: number;
  /** Invocations so far, and the one that goes on now, if any. */
  readonly invocations: number;
  readonly claimed?: number;
  readonly tally: Tally;
}

export interface PlanProgress {
  /** Portions of which the guards were looked at. */
  readonly judged: number;
  /** Portions that are done, whatever they came to. */
  readonly done: number;
  /** One of them was refused, or failed in parts. */
  readonly open?: true;
}

/** What was found and done so far. */
export interface Tally {
  readonly documents: number;
  readonly drifted: readonly Difference[];
  readonly differences: number;
  /** How many of them are left. */
  readonly open: number;
  readonly healed: number;
  readonly applied: number;
  readonly left: readonly LeftAlone[];
  /** How many documents these are, in all and by reason: `left` names the first of them. */
  readonly leftAlone: number;
  readonly reasons: Readonly<Partial<Record<NotHealed, number>>>;
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
}

export const NOTHING_YET: Tally = {
  documents: 0,
  drifted: [],
  differences: 0,
  open: 0,
  healed: 0,
  applied: 0,
  left: [],
  leftAlone: 0,
  reasons: {},
  failed: [],
};

export const EMPTY: LoopState = { format: 'trueup/loop@1', inLine: {} };

/** What was taken before: no older one is. */
export function takenIn({ commit, generation }: LoopState): Taken {
  return { ...(commit !== undefined && { commit }), ...(generation !== undefined && { generation }) };
}

/** Enough of a seal to tell two documents apart. */
const SEAL_DIGITS = 24;

export function shortSeal(seal: string): string {
  return seal.slice(0, SEAL_DIGITS);
}

/** @throws AwsError TU3017 for what is no state of this version: it may be one that no older tree may pass. */
export function parseState(text: string | undefined): LoopState {
  if (text === undefined) return EMPTY;
  try {
    const state = JSON.parse(text) as Partial<LoopState> | null;
    if (state?.format === 'trueup/loop@1' && typeof state.inLine === 'object') return state as LoopState;
  } catch {
    // Said below.
  }
  throw new AwsError('TU3017', 'what the loop keeps between its runs cannot be read: it is none of this version', {
    hint: 'use the version that wrote it, or delete the object beside the lease: the loop then begins with what it sees',
  });
}
