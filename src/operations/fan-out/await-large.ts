import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { copyPlan } from '../../fan-out/copy-plan.ts';
import { stateOf } from '../../fan-out/tally.ts';
import type { WorkItem } from '../../reconcilers/bucket-fan-out/backfill-work.ts';
import { copyRows } from './copy-looks.ts';
import { pause } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** What was handed over to a destination. */
export interface HandedWork {
  readonly target: FanOutTarget;
  readonly objects: readonly WorkItem[];
}

const LOOK_MS = 15_000;
/** Invocations hand a copy from one to the next, each of a quarter of an hour at most (Lambda quotas). */
const PATIENCE_MS = 2 * 3_600_000;
/** Lambda tries again after one minute and two, and then it is a dead letter. */
const FAILED_PATIENCE_MS = 15 * 60_000;

/**
 * Waits for the objects that are copied in parts: their message of work is gone once the first invocation has handed them
 * on. What the rows of the ledger say tells when they are there.
 *
 * @returns how many of each are still being copied, in the order of the destinations: when all are there, when for a long
 *   time none came to its end, or when it was stopped
 */
export async function awaitLarge(
  session: FanOutSession,
  works: readonly HandedWork[],
  stop: AbortSignal | undefined,
): Promise<readonly number[]> {
  const keys = works.map(largeKeys);
  let before = Number.NaN;
  let movedAt = session.clock.now();
  for (;;) {
    const counts: number[] = [];
    let failed = 0;
    for (const [index, { target }] of works.entries()) {
      const rows = await copyRows(session, target, keys[index] ?? []);
      const open = rows.filter((row) => row?.state === 'copying');
      failed += open.filter((row) => row && stateOf(row) === 'failed').length;
      counts.push(open.length);
    }
    const all = counts.reduce((sum, one) => sum + one, 0);
    if (all === 0 || stop?.aborted) return counts;
    const now = session.clock.now();
    if (all !== before) movedAt = now;
    before = all;
    if (now - movedAt >= (failed === all ? FAILED_PATIENCE_MS : PATIENCE_MS)) return counts;
    await pause(session, LOOK_MS, stop);
  }
}

/** Where the copies of large ones are to be. */
function largeKeys({ target: { told }, objects }: HandedWork): readonly string[] {
  const mapKey = compileDestinationKey(told.key, told.destination.prefix);
  return objects.flatMap(({ key, size }) => {
    if (copyPlan(size).kind !== 'parts') return [];
    const mapped = mapKey(key);
    return 'key' in mapped ? [mapped.key] : [];
  });
}
