import { DAY, isInstant } from './civil.ts';
import { isRecord } from './fields.ts';
import type { NthWeekday, Override, Rule, Schedule } from './types.ts';
import { isZone } from './zone.ts';

/** Every schedule that `parseTag` and `parseDeclared` made. Frozen to the ground, they stay what they were. */
const made = new WeakSet();

/** Closes a schedule that has just been read: it cannot be changed any more, and `asParsed` knows it. */
export function closed(schedule: Schedule): Schedule {
  for (const { days } of schedule.rules) {
    for (const nth of days.nth) Object.freeze(nth);
    Object.freeze(days.nth);
    Object.freeze(days);
  }
  for (const rule of schedule.rules) Object.freeze(rule);
  Object.freeze(schedule.rules);
  Object.freeze(schedule.except);
  Object.freeze(schedule.override);
  made.add(schedule);
  return Object.freeze(schedule);
}

/**
 * A value as a schedule that has been read before: itself if a parser made it; a copy of it if it is like one in every
 * field, as `{ ...schedule, disabled: false }` is; otherwise undefined.
 */
export function asParsed(value: unknown): Schedule | undefined {
  if (!isRecord(value)) return undefined;
  return isMade(value) ? value : copyOf(value);
}

function isMade(value: object): value is Schedule {
  return made.has(value);
}

function copyOf({ timezone, rules, except, override, disabled }: Readonly<Record<string, unknown>>) {
  const copies = { rules: allOf(rules, ruleOf), except: allOf(except, dayOf) };
  if (copies.rules === undefined || copies.except === undefined) return undefined;
  if (typeof timezone !== 'string' || !isZone(timezone) || typeof disabled !== 'boolean') return undefined;
  const bare = { timezone, rules: copies.rules, except: copies.except, disabled };
  if (override === undefined) return bare;
  const copy = overrideOf(override);
  return copy && { ...bare, override: copy };
}

/** Undefined where one item, or the list itself, is none. */
function allOf<Item>(value: unknown, read: (item: unknown) => Item | undefined): readonly Item[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: Item[] = [];
  for (const one of value) {
    const item = read(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function ruleOf(value: unknown): Rule | undefined {
  if (!isRecord(value)) return undefined;
  const { action, days, minute, nextDay } = value;
  if (action !== 'start' && action !== 'stop') return undefined;
  if (!isRecord(days) || !isWhole(minute, 0, 24 * 60 - 1) || typeof nextDay !== 'boolean') return undefined;
  const { weekdays } = days;
  const nth = allOf(days['nth'], nthOf);
  if (!isWhole(weekdays, 0, 0b111_1111) || nth === undefined) return undefined;
  return { action, days: { weekdays, nth }, minute, nextDay };
}

function nthOf(value: unknown): NthWeekday | undefined {
  if (!isRecord(value)) return undefined;
  const { nth, weekday } = value;
  return isNth(nth) && isWhole(weekday, 0, 6) ? { nth, weekday } : undefined;
}

function dayOf(value: unknown): number | undefined {
  return isWhole(value, 0, Number.MAX_SAFE_INTEGER) && isInstant(value * DAY) ? value : undefined;
}

function overrideOf(value: unknown): Override | undefined {
  if (!isRecord(value)) return undefined;
  const { until, state, reason } = value;
  if (typeof until !== 'number' || !isInstant(until) || typeof reason !== 'string') return undefined;
  return state === 'on' || state === 'off' ? { until, state, reason } : undefined;
}

function isNth(value: unknown): value is NthWeekday['nth'] {
  return value === 'last' || isWhole(value, 1, 5);
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}
