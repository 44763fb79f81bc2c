import { parseDuration } from '../../engine/duration.ts';
import { nextAfter, parseSchedule } from '../../schedule/aws-expression.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 86_400_000;
/** Runs of a cron that are looked at: those of a year, or a week of minutes. */
const MOST_RUNS = 10_080;
/** Any instant would do; a fixed one makes the answer the same every day. */
const FROM = Date.UTC(2024, 0, 1);
/** What EventBridge and a start of the function may take, with room (specs: the original's advice). */
const MARGIN_MINUTES = 2;

/** Minutes between two runs, at least and at most. */
export interface Cadence {
  readonly shortest: number;
  readonly longest: number;
}

/** How often a `rate(…)` or `cron(…)` runs; undefined: never twice. */
export function cadenceOf(expression: string): Cadence | undefined {
  parseSchedule(expression);
  const gaps: number[] = [];
  let last = nextAfter(expression, FROM, FROM);
  while (last !== undefined && last < FROM + YEAR_MS && gaps.length < MOST_RUNS) {
    const next = nextAfter(expression, last, FROM);
    if (next === undefined) break;
    gaps.push((next - last) / MINUTE_MS);
    last = next;
  }
  if (gaps.length === 0) return undefined;
  return gaps.reduce<Cadence>(
    ({ shortest, longest }, gap) => ({ shortest: Math.min(shortest, gap), longest: Math.max(longest, gap) }),
    { shortest: Number.POSITIVE_INFINITY, longest: 0 },
  );
}

/** Whole minutes that edge mode looks back. */
export function windowOf({ window, every }: Pick<InstanceScheduleSpec, 'window' | 'every'>): number {
  if (window !== undefined) return Math.floor((parseDuration(window) ?? 0) / 60);
  return (cadenceOf(every)?.shortest ?? 0) + MARGIN_MINUTES;
}
