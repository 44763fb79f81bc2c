import { ScheduleError } from './schedule-error.ts';

/** A day of the month: a number, the last one (`L`), the last weekday (`LW`), or the weekday nearest to a number (`15W`). */
export type MonthDay = number | 'last' | 'last-weekday' | { readonly nearest: number };

/** A day of the week, 1 (Sunday) to 7: every one, the last one of the month (`6L`), or the nth one (`6#3`). */
export type WeekDay = number | { readonly last: number } | { readonly day: number; readonly nth: number };

/** A cron expression as sets of values, in UTC; numbers are sorted, without repetition. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** One of the two is given. */
  readonly monthDays: readonly MonthDay[] | undefined;
  readonly weekDays: readonly WeekDay[] | undefined;
  /** 1 to 12. */
  readonly months: readonly number[];
  readonly years: readonly number[];
}

interface Field {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Names of the values, the first one for `low`. */
  readonly names?: readonly string[];
}

const MINUTES: Field = { label: 'minutes', low: 0, high: 59 };
const HOURS: Field = { label: 'hours', low: 0, high: 23 };
const MONTH_DAY: Field = { label: 'day of the month', low: 1, high: 31 };
const MONTH: Field = {
  label: 'month',
  low: 1,
  high: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const WEEK_DAY: Field = {
  label: 'day of the week',
  low: 1,
  high: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const YEAR: Field = { label: 'year', low: 1970, high: 2199 };

/** In the order in which EventBridge reads them (EventBridge user guide, "Cron expressions reference"). */
const FIELDS = [MINUTES, HOURS, MONTH_DAY, MONTH, WEEK_DAY, YEAR];

/** @throws ScheduleError naming the field that cannot be read. */
export function parseCron(body: string): Cron {
  const values = body.trim().split(/\s+/);
  if (values.length !== FIELDS.length) {
    const labels = FIELDS.map(({ label }) => label).join(', ');
    throw new ScheduleError(`cron takes 6 fields (${labels}), this has ${values.length}`);
  }
  const [minutes = '', hours = '', monthDay = '', month = '', weekDay = '', year = ''] = values;
  const cron = {
    minutes: readNumbers(minutes, MINUTES),
    hours: readNumbers(hours, HOURS),
    monthDays: monthDay === '?' ? undefined : readItems(monthDay, MONTH_DAY, readMonthDay),
    months: readNumbers(month, MONTH),
    weekDays: weekDay === '?' ? undefined : readItems(weekDay, WEEK_DAY, readWeekDay),
    years: readNumbers(year, YEAR),
  };
  if ((cron.monthDays === undefined) === (cron.weekDays === undefined)) {
    throw new ScheduleError('write ? for either the day of the month or the day of the week, not for both');
  }
  // "If you use a '#' character, you can define only one expression in the day-of-week field."
  if (weekDay.includes('#') && weekDay.includes(',')) throw unreadable(WEEK_DAY);
  return cron;
}

function unreadable({ label }: Field): ScheduleError {
  return new ScheduleError(`cron cannot read the field of the ${label}`);
}

function readItems<Item>(
  text: string,
  field: Field,
  read: (item: string) => readonly Item[] | undefined,
): readonly Item[] {
  return text.split(',').flatMap((item) => {
    const values = read(item);
    if (values === undefined) throw unreadable(field);
    return values;
  });
}

function readNumbers(text: string, field: Field): readonly number[] {
  const numbers = readItems(text, field, (item) => readRange(item, field));
  return [...new Set(numbers)].sort((left, right) => left - right);
}

function readNumber(text: string, { low, high, names }: Field): number | undefined {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  if (index >= 0) return low + index;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

/** `5`, `1-5`, `*`, and with an increment `0/15`, `8-18/2`. `FRI-MON` goes over the end of the week. */
function readRange(text: string, field: Field): readonly number[] | undefined {
  const [range = '', increment, ...rest] = text.split('/');
  const step = increment === undefined ? 1 : readNumber(increment, { ...field, low: 1, names: [] });
  if (rest.length > 0 || step === undefined) return undefined;
  if (range === '*') return count(field.low, field.high, step);
  const [first = '', last, ...more] = range.split('-');
  const from = readNumber(first, field);
  if (from === undefined || more.length > 0) return undefined;
  if (last === undefined) return increment === undefined ? [from] : count(from, field.high, step);
  const to = readNumber(last, field);
  if (to === undefined || (to < from && field === YEAR)) return undefined;
  if (to >= from) return count(from, to, step);
  const size = field.high - field.low + 1;
  return count(from, to + size, step).map((value) => field.low + ((value - field.low) % size));
}

function count(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function readMonthDay(text: string): readonly MonthDay[] | undefined {
  if (text === 'L') return ['last'];
  if (text === 'LW') return ['last-weekday'];
  if (!text.endsWith('W')) return readRange(text, MONTH_DAY);
  const nearest = readNumber(text.slice(0, -1), MONTH_DAY);
  return nearest === undefined ? undefined : [{ nearest }];
}

/** `L` alone is the last day of the week, Saturday. The field takes no increments. */
function readWeekDay(text: string): readonly WeekDay[] | undefined {
  if (text.includes('/')) return undefined;
  if (text === 'L') return [WEEK_DAY.high];
  if (text.endsWith('L')) {
    const last = readNumber(text.slice(0, -1), WEEK_DAY);
    return last === undefined ? undefined : [{ last }];
  }
  const [name = '', nth] = text.split(/#([1-5])$/);
  if (nth === undefined) return readRange(text, WEEK_DAY);
  const day = readNumber(name, WEEK_DAY);
  return day === undefined ? undefined : [{ day, nth: Number(nth) }];
}
