import { createHash } from 'node:crypto';
import { parseDuration } from '../../engine/duration.ts';
import { nextAfter, previousBefore } from '../../schedule/aws-expression.ts';

/** Runs start a little late: one too many full transfers is better than one too few. */
const SLACK_MS = 60_000;

export interface Timing {
  readonly schedule: string;
  readonly fullTransferEvery: string;
  /** Shifts the multiples, so that not all mirrors transfer at once. */
  readonly identity: string;
}

/**
 * Is this the first scheduled run after a multiple of `fullTransferEvery`?
 *
 * @param now milliseconds since the epoch.
 * @param last the scheduled run before, where this environment has seen it; else the schedule tells.
 */
export function isFullTransferDue(timing: Timing, now: number, last: number | undefined): boolean {
  const period = (parseDuration(timing.fullTransferEvery) ?? 0) * 1000;
  if (period <= 0) return true;
  const before = last ?? runBefore(timing.schedule, now) - SLACK_MS;
  const shift = shiftOf(timing.identity, period);
  return Math.floor((now - shift) / period) !== Math.floor((before - shift) / period);
}

/** About when the run before this one was: one period of a rate, the moment before this one of a cron expression. */
function runBefore(schedule: string, now: number): number {
  if (schedule.startsWith('rate')) return 2 * now - (nextAfter(schedule, now, now) ?? now);
  return previousBefore(schedule, previousBefore(schedule, now) ?? now) ?? 0;
}

function shiftOf(identity: string, period: number): number {
  return createHash('sha256').update(identity).digest().readUIntBE(0, 6) % period;
}
