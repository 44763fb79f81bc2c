import type { Ending } from '../engine/execute.ts';
import type { Address } from '../engine/types.ts';

/** Told what goes on while a verb runs; what it shows is its own affair. */
export interface Reporter {
  onTransfer(
    zone: string,
    counts: { readonly messages: number; readonly records: number; readonly bytes: number },
  ): void;
  onStep(id: Address, text: string): void;
  onEnd(ending: Ending): void;
  /** Another apply holds the lease. */
  onWait(holder: string, expires: string | null): void;
  /** It waits no more: the lease is its own. */
  onTurn(): void;
}

export const silent: Reporter = { onTransfer() {}, onStep() {}, onEnd() {}, onWait() {}, onTurn() {} };
