import type { Clock } from '../../engine/types.ts';
import { runLoop } from '../loop/run-loop.ts';
import type { LoopAnswer, LoopRequest } from '../loop/types.ts';

export interface WatchOptions {
  /** What each run is made with. */
  readonly request: Omit<LoopRequest, 'left' | 'onward' | 'continues'>;
  /** Milliseconds from the beginning of a run to that of the next; undefined: there is one run. */
  readonly every: number | undefined;
  readonly clock: Clock;
  /** Told of each run when it ends, but of none that was stopped before it came to anything. */
  readonly onRun: (run: WatchRun) => void;
}

/** A run that came to its end, or the error that ended it. */
export interface WatchRun {
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
  readonly answer?: LoopAnswer;
  readonly error?: unknown;
}

/**
 * Runs the loop now and at every interval, one run after another, until it is stopped. What ends one run does not end the
 * next: it begins at its time.
 *
 * @returns the last run that was told of
 */
export async function watch({ request, every, clock, onRun }: WatchOptions): Promise<WatchRun | undefined> {
  const { stop } = request;
  let last: WatchRun | undefined;
  while (!stop.aborted) {
    const at = clock.now();
    const run = await once(request, at);
    if (!stop.aborted || isTold(run)) {
      last = run;
      onRun(run);
    }
    if (every === undefined) break;
    if (!stop.aborted) await clock.sleep(Math.max(0, at + every - clock.now()), stop);
  }
  return last;
}

async function once(request: WatchOptions['request'], at: number): Promise<WatchRun> {
  try {
    return { at, answer: await runLoop({ ...request, left: () => Infinity }) };
  } catch (error) {
    return { at, error };
  }
}

/** A run that was stopped and has done something all the same. */
function isTold({ answer }: WatchRun): boolean {
  return answer !== undefined && answer.healed + answer.applied + answer.failed.length > 0;
}
