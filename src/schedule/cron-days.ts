import type { Cron, MonthDay, WeekDay } from './cron.ts';

const SUNDAY = 1;
const SATURDAY = 7;

/** The days of a month on which a cron expression falls, in order; `month` is 1 to 12. */
export function daysOf(cron: Cron, year: number, month: number): readonly number[] {
  const calendar: Month = {
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    first: new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + SUNDAY,
  };
  const days = [
    ...(cron.monthDays ?? []).flatMap((day) => monthDay(day, calendar) ?? []),
    ...(cron.weekDays ?? []).flatMap((day) => weekDay(day, calendar)),
  ];
  return [...new Set(days)].sort((left, right) => left - right);
}

interface Month {
  /** Number of its days. */
  readonly length: number;
  /** Day of the week of its first day, 1 (Sunday) to 7. */
  readonly first: number;
}

function dayOfWeek(day: number, { first }: Month): number {
  return ((first - SUNDAY + day - 1) % 7) + SUNDAY;
}

/** A month without the day has none. */
function monthDay(day: MonthDay, month: Month): number | undefined {
  if (day === 'last') return month.length;
  if (day === 'last-weekday') return nearestWeekday(month.length, month);
  const wanted = typeof day === 'number' ? day : day.nearest;
  if (wanted > month.length) return undefined;
  return typeof day === 'number' ? wanted : nearestWeekday(wanted, month);
}

/** Monday to Friday, within the month. */
function nearestWeekday(day: number, month: Month): number {
  const found = dayOfWeek(day, month);
  if (found === SATURDAY) return day === 1 ? day + 2 : day - 1;
  if (found === SUNDAY) return day === month.length ? day - 2 : day + 1;
  return day;
}

function weekDay(day: WeekDay, month: Month): readonly number[] {
  const wanted = typeof day === 'number' ? day : 'last' in day ? day.last : day.day;
  const first = 1 + ((wanted - month.first + 7) % 7);
  const all = Array.from({ length: Math.floor((month.length - first) / 7) + 1 }, (_, week) => first + 7 * week);
  if (typeof day === 'number') return all;
  return all.slice(...('last' in day ? ([-1] as const) : ([day.nth - 1, day.nth] as const)));
}
