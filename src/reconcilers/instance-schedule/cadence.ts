import { parseDuration } from '../../engine/duration.ts';
import { nextAfter, parseSchedule } from '../../schedule/aws-expression.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 86_400_000;
/** Runs that are looked at, of a year at most: fewer tell all but of crons that run by the minute and pause by the month. */
const MOST_RUNS = 1_000;
/** Any instant would do; a fixed one makes the answer the same every day. */
const FROM = Date.UTC(2024, 0, 1);
/** What EventBridge and a start of the function may take, with room (specs: the original's advice). */
const MARGIN_MINUTES = 2;
/** As the schema has it for a window that is written. */
const MAX_WINDOW_MINUTES = 7 * 24 * 60;

/** Minutes between two runs, at least and at most. */
export interface Cadence {
  readonly shortest: number;
  readonly longest: number;
}

/** Asked several times for each document of a command. */
const known = new Map<string, Cadence | undefined>();

/** How often a `rate(…)` or `cron(…)` runs; undefined: never twice. */
export function cadenceOf(expression: string): Cadence | undefined {
  if (!known.has(expression)) known.set(expression, measure(expression));
  return known.get(expression);
}

function measure(expression: string): Cadence | undefined {
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
  return Math.min((cadenceOf(every)?.shortest ?? 0) + MARGIN_MINUTES, MAX_WINDOW_MINUTES);
}
