import type { LoopRequest } from './types.ts';

/** A step may take half as long again as the longest so far, and this much in any case. */
const SLICE_MARGIN = 1.5;
const LEAST_SLICE_MS = 20_000;

/** So often a step may end without having got on; then the run goes on without it, and says so. */
export const MOST_STALLED = 3;

/** Is there time for one more step? One is always taken, so that every invocation gets on. */
export interface Pace {
  hasTime(): boolean;
  measure<Result>(step: Promise<Result>): Promise<Result>;
}

export function createPace(request: LoopRequest): Pace {
  let longest: number | undefined;
  return {
    hasTime: () => longest === undefined || request.left() >= Math.max(longest, LEAST_SLICE_MS) * SLICE_MARGIN,
    async measure(step) {
      const before = request.left();
      const result = await step;
      const took = before - request.left();
      longest = Math.max(longest ?? 0, Number.isNaN(took) ? 0 : took);
      return result;
    },
  };
}
