import { isAwsError } from '../aws/errors.ts';
import type { Progress } from '../engine/types.ts';

/** How long what stands in the way of a deletion takes to settle, mostly. */
const SETTLING_MS = 2_000;

export interface Refusals {
  /** Names of errors that say that the object is gone: that was wanted. */
  readonly gone: readonly string[];
  /** Of those that say that something of it is still in progress: it is tried again. */
  readonly moving?: readonly string[];
}

/** The last call of a removal. */
export async function removing(call: () => Promise<unknown>, { gone, moving = [] }: Refusals): Promise<Progress> {
  try {
    await call();
  } catch (error) {
    if (moving.some((name) => isAwsError(error, name))) {
      return { done: false, waiting: 'for an earlier change to settle', again: SETTLING_MS };
    }
    if (!gone.some((name) => isAwsError(error, name))) throw error;
  }
  return { done: true };
}
