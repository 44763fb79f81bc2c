import { daysOf } from './cron-days.ts';
import { parseCron } from './cron.ts';
import type { Cron } from './cron.ts';
import { ScheduleError } from './schedule-error.ts';

/** Every so many milliseconds, from an anchor on. */
interface Rate {
  readonly period: number;
}

/** A schedule of EventBridge, as `parseSchedule` reads it. */
export type Schedule = { readonly rate: Rate } | { readonly cron: Cron };

/** EventBridge's limit for a schedule expression (PutRule, ScheduleExpression). */
const MAX_LENGTH = 256;

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

/**
 * Reads `rate(15 minutes)` or `cron(0 6 * * ? *)`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws ScheduleError saying why EventBridge would refuse it.
 */
export function parseSchedule(text: string): Schedule {
  const open = text.indexOf('(');
  const verb = text.slice(0, open);
  const isCall = text.length <= MAX_LENGTH && text.endsWith(')') && (verb === 'rate' || verb === 'cron');
  if (!isCall) throw new ScheduleError('write rate(15 minutes), or cron(0 6 * * ? *) in UTC');
  const body = text.slice(open + 1, -1);
  return verb === 'rate' ? { rate: parseRate(body) } : { cron: parseCron(body) };
}

function parseRate(body: string): Rate {
  const [count = '', unit = '', ...rest] = body.trim().split(/\s+/);
  const singular = unit.endsWith('s') ? unit.slice(0, -1) : unit;
  const length = Object.hasOwn(UNITS, singular) ? UNITS[singular] : undefined;
  if (rest.length > 0 || !/^[1-9][0-9]{0,5}$/.test(count) || length === undefined) {
    throw new ScheduleError('rate takes a whole number and minutes, hours or days, such as rate(15 minutes)');
  }
  const right = count === '1' ? singular : `${singular}s`;
  if (unit !== right) throw new ScheduleError(`write rate(${count} ${right})`);
  return { period: Number(count) * length };
}

/**
 * The first moment of a schedule after an instant; undefined: there is none.
 *
 * @param instant milliseconds since the epoch.
 * @param anchor when the rule was made or enabled: a rate falls due one period after it, and so on; default the epoch.
 * A cron expression knows no anchor.
 * @throws ScheduleError for an expression that cannot be read.
 */
export function nextAfter(expression: string | Schedule, instant: number, anchor = 0): number | undefined {
  const schedule = typeof expression === 'string' ? parseSchedule(expression) : expression;
  if ('cron' in schedule) return findMoment(schedule.cron, instant, 'after');
  const { period } = schedule.rate;
  return anchor + Math.max(1, Math.floor((instant - anchor) / period) + 1) * period;
}

/** The last moment of a schedule before an instant, otherwise as `nextAfter`. */
export function previousBefore(expression: string | Schedule, instant: number, anchor = 0): number | undefined {
  const schedule = typeof expression === 'string' ? parseSchedule(expression) : expression;
  if ('cron' in schedule) return findMoment(schedule.cron, instant, 'before');
  const { period } = schedule.rate;
  const periods = Math.ceil((instant - anchor) / period) - 1;
  return periods < 1 ? undefined : anchor + periods * period;
}

type Direction = 'after' | 'before';

/**
 * Walks years, months, days, hours and minutes that the expression names, the nearest first, and enters only those
 * that hold a moment beyond the instant: at most one look at each month of the 230 years that EventBridge knows.
 */
function findMoment(cron: Cron, instant: number, direction: Direction): number | undefined {
  for (const year of ordered(cron.years, direction)) {
    if (!reaches(Date.UTC(year, 0), Date.UTC(year + 1, 0), instant, direction)) continue;
    for (const month of ordered(cron.months, direction)) {
      if (!reaches(Date.UTC(year, month - 1), Date.UTC(year, month), instant, direction)) continue;
      for (const day of ordered(daysOf(cron, year, month), direction)) {
        const moment = findInDay(cron, Date.UTC(year, month - 1, day), instant, direction);
        if (moment !== undefined) return moment;
      }
    }
  }
  return undefined;
}

function findInDay(cron: Cron, midnight: number, instant: number, direction: Direction): number | undefined {
  if (!reaches(midnight, midnight + 24 * 60 * MINUTE, instant, direction)) return undefined;
  for (const hour of ordered(cron.hours, direction)) {
    for (const minute of ordered(cron.minutes, direction)) {
      const moment = midnight + (hour * 60 + minute) * MINUTE;
      if (direction === 'after' ? moment > instant : moment < instant) return moment;
    }
  }
  return undefined;
}

/** May there be a moment beyond the instant from `start` up to `end`? */
function reaches(start: number, end: number, instant: number, direction: Direction): boolean {
  return direction === 'after' ? end > instant : start < instant;
}

function ordered(values: readonly number[], direction: Direction): readonly number[] {
  return direction === 'after' ? values : values.toReversed();
}
