import type { Clock } from '../engine/types.ts';

const MOST_ATTEMPTS = 3;
/** All that telling somebody may take, pauses included. */
export const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 500;

/** Why an attempt failed, a clause; and whether another may help. */
export interface Failure {
  readonly why: string;
  readonly again: boolean;
  /** What the other side asks to wait. */
  readonly afterMs?: number;
}

/**
 * Makes up to three attempts within ten seconds, by this clock. One whose answer is lost may have told already: then it
 * is told twice.
 * @param attempt undefined: it is done. It is given the milliseconds that are left, and keeps to them.
 * @returns why it was given up, a clause; undefined: it is done
 */
export async function persist(
  clock: Clock,
  attempt: (leftMs: number) => Promise<Failure | undefined>,
): Promise<string | undefined> {
  const end = clock.now() + PATIENCE_MS;
  for (let made = 1; ; made += 1) {
    const failure = await attempt(Math.max(1, end - clock.now()));
    if (!failure) return undefined;
    const { why, again, afterMs = FIRST_PAUSE_MS * 2 ** (made - 1) } = failure;
    if (!again) return why;
    if (made === MOST_ATTEMPTS) return `${why} (tried ${MOST_ATTEMPTS} times)`;
    if (clock.now() + afterMs >= end) {
      return `${why} (to wait ${Math.ceil(afterMs / 1_000)} s is more than is waited for)`;
    }
    await clock.sleep(afterMs);
  }
}
