import { setImmediate } from 'node:timers/promises';

/** A fraction of a second, on a busy machine too. */
const CALLS_A_TURN = 100;

/**
 * Answers of the embedded account are there at once. Calls that follow one another by thousands would keep the process to
 * themselves, which no network lets them: timers, such as the renewal of a lease, get their turn in between.
 *
 * @returns asked at each call: what to wait for, if anything
 */
export function createTurns(): () => Promise<void> | undefined {
  let calls = 0;
  let turn: Promise<void> | undefined;
  return () => {
    calls += 1;
    if (calls % CALLS_A_TURN === 0) {
      turn ??= setImmediate().then(() => {
        turn = undefined;
      });
    }
    return turn;
  };
}
