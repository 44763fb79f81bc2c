import type { Days } from './types.ts';

/** Calendar dates as days since 1970-01-01, and wall-clock times as milliseconds as if they were UTC. */

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** 0 (Sunday) to 6. */
export function weekdayOf(day: number): number {
  return (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
}

/** `2026-03-29`. */
export function dateText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** Days since the epoch of `2026-03-29`; undefined for a date that the calendar does not have. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY;
  return isInstant(day * DAY) && dateText(day) === text ? day : undefined;
}

/** `2026-03-29 02:00` of a wall-clock time. */
export function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, -':00.000Z'.length).replace('T', ' ');
}

/** `2026-03-29T01:00:00Z`. */
export function instantText(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, -'.000Z'.length)}Z`;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** Schedules are about the years from 1970 to 9998. */
const LAST_INSTANT = Date.UTC(9999, 0) - 1;

export function isInstant(instant: number): boolean {
  return instant >= 0 && instant <= LAST_INSTANT;
}

/** Milliseconds since the epoch of ISO 8601 text with a zone; undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text) || parseDate(text.slice(0, 10)) === undefined) return undefined;
  const instant = Date.parse(text.replace(' ', 'T'));
  return isInstant(instant) ? instant : undefined;
}

/** Does a date count? */
export function fallsOn(day: number, { weekdays, nth }: Days): boolean {
  const weekday = weekdayOf(day);
  if ((weekdays & (1 << weekday)) !== 0) return true;
  if (!nth.some((one) => one.weekday === weekday)) return false;
  const date = new Date(day * DAY);
  const ofMonth = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return nth.some((one) => {
    if (one.weekday !== weekday) return false;
    return one.nth === 'last' ? ofMonth + 7 > length : Math.ceil(ofMonth / 7) === one.nth;
  });
}
