import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAfter, parseSchedule, previousBefore } from './aws-expression.ts';

const MINUTE = 60_000;

function at(text: string): number {
  return Date.parse(`${text}Z`);
}

function shown(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 16);
}

/** The moments after an instant, in order. */
function moments(expression: string, from: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (let next = nextAfter(expression, at(from)); found.length < count; next = nextAfter(expression, next ?? 0)) {
    found.push(shown(next));
    if (next === undefined) break;
  }
  return found;
}

describe('cron', () => {
  it.each([
    ['every minute', 'cron(* * * * ? *)', '2026-11-25T23:59', ['2026-11-26T00:00', '2026-11-26T00:01']],
    ['a time of the day', 'cron(15 12 * * ? *)', '2026-11-25T12:15', ['2026-11-26T12:15', '2026-11-27T12:15']],
    ['increments', 'cron(0/25 6 * * ? *)', '2026-11-25T06:00', ['2026-11-25T06:25', '2026-11-25T06:50']],
    ['increments of a range', 'cron(0 8-18/5 * * ? *)', '2026-11-25T08:00', ['2026-11-25T13:00', '2026-11-25T18:00']],
    ['Monday to Friday', 'cron(0 18 ? * MON-FRI *)', '2026-11-27T12:00', ['2026-11-27T18:00', '2026-11-30T18:00']],
    ['over the weekend', 'cron(0 0 ? * SAT-SUN *)', '2026-11-25T00:00', ['2026-11-28T00:00', '2026-11-29T00:00']],
    ['the last day of the week', 'cron(0 9 ? * L *)', '2026-11-25T00:00', ['2026-11-28T09:00', '2026-12-05T09:00']],
    ['29 February', 'cron(0 0 29 2 ? *)', '2096-03-01T00:00', ['2104-02-29T00:00', '2108-02-29T00:00']],
    ['the last day of February', 'cron(0 0 L 2 ? *)', '2026-11-25T00:00', ['2027-02-28T00:00', '2028-02-29T00:00']],
    ['the last weekday', 'cron(0 0 LW * ? *)', '2026-10-01T00:00', ['2026-10-30T00:00', '2026-11-30T00:00']],
    ['the 1st, a Sunday', 'cron(0 0 1W 11 ? *)', '2026-10-01T00:00', ['2026-11-02T00:00', '2027-11-01T00:00']],
    ['the 1st, a Saturday', 'cron(0 0 1W 8 ? *)', '2026-07-01T00:00', ['2026-08-03T00:00']],
    ['the 31st, a Sunday', 'cron(0 0 31W 5 ? *)', '2026-05-01T00:00', ['2026-05-29T00:00']],
    ['the 15th, a Saturday', 'cron(0 0 15W 8 ? *)', '2026-08-01T00:00', ['2026-08-14T00:00']],
    ['the third Tuesday', 'cron(0 0 ? * 3#3 *)', '2026-11-01T00:00', ['2026-11-17T00:00', '2026-12-15T00:00']],
    ['a fifth Friday', 'cron(0 0 ? * FRI#5 *)', '2026-11-01T00:00', ['2027-01-29T00:00', '2027-04-30T00:00']],
    ['the last Friday', 'cron(0 0 ? * 6L *)', '2026-11-01T00:00', ['2026-11-27T00:00', '2026-12-25T00:00']],
    ['years', 'cron(0 0 1 1 ? 2030/5)', '2026-11-01T00:00', ['2030-01-01T00:00', '2035-01-01T00:00']],
    ['a year that is over', 'cron(0 0 1 1 ? 2020)', '2026-11-01T00:00', [undefined]],
    ['30 February', 'cron(0 0 30 2 ? *)', '1970-01-01T00:00', [undefined]],
    ['the 31st of short months', 'cron(0 0 31W 4,6,9,11 ? *)', '1970-01-01T00:00', [undefined]],
  ])('knows %s: %s', (_what, expression, from, expected) => {
    expect(moments(expression, from, expected.length)).toEqual(expected);
  });

  it('looks backward too', () => {
    expect(shown(previousBefore('cron(0 0 29 2 ? *)', at('2104-02-29T00:00')))).toBe('2096-02-29T00:00');
    expect(shown(previousBefore('cron(0 0 1 1 ? 2030)', at('2026-11-25T00:00')))).toBeUndefined();
  });

  it.each([
    ['more than one # expression', 'cron(0 0 ? * 3#1,6#3 *)', 'cron cannot read the field of the day of the week'],
    ['increments of days of the week', 'cron(0 0 ? * 2/2 *)', 'cron cannot read the field of the day of the week'],
    ['years that run backward', 'cron(0 0 1 1 ? 2030-2026)', 'cron cannot read the field of the year'],
    ['both days open', 'cron(0 0 ? * ? *)', expect.stringContaining('write ? for either')],
    ['a name for a unit', 'rate(5 constructors)', expect.stringContaining('rate takes a whole number')],
  ])('refuses %s', (_what, expression, message) => {
    expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ name: 'ScheduleError', message }));
  });
});

describe('rate', () => {
  const anchor = at('2026-11-25T10:07:30');

  it.each([
    ['before the anchor', '2026-11-20T00:00:00', '2026-11-25T10:22:30', undefined],
    ['at the anchor', '2026-11-25T10:07:30', '2026-11-25T10:22:30', undefined],
    ['at the first moment', '2026-11-25T10:22:30', '2026-11-25T10:37:30', undefined],
    ['between', '2026-11-25T10:40:00', '2026-11-25T10:52:30', '2026-11-25T10:37:30'],
    ['at a moment', '2026-11-25T10:52:30', '2026-11-25T11:07:30', '2026-11-25T10:37:30'],
  ])('runs from its anchor, %s', (_when, instant, next, previous) => {
    expect(nextAfter('rate(15 minutes)', at(instant), anchor)).toBe(at(next));
    expect(previousBefore('rate(15 minutes)', at(instant), anchor)).toBe(previous && at(previous));
  });
});

/** A field for the property below: any, one, several, a range or an increment. */
function field(low: number, high: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: low, max: high });
  return fc.oneof(
    fc.constant('*'),
    value.map(String),
    fc.array(value, { minLength: 2, maxLength: 3 }).map((values) => values.join(',')),
    fc.tuple(value, value).map(([from, to]) => `${from}-${to}`),
    fc.tuple(value, fc.integer({ min: 1, max: high })).map(([from, step]) => `${from}/${step}`),
  );
}

/** Does the value stand in a field, read anew and in another way than the parser does? */
function isIn(value: number, text: string, low: number, high: number): boolean {
  return text.split(',').some((item) => {
    if (item === '*') return true;
    const [range = '', step] = item.split('/');
    const [from, to] = range.split('-').map(Number);
    if (step !== undefined) return value >= from! && (value - from!) % Number(step) === 0;
    if (to === undefined) return value === from;
    return to >= from!
      ? value >= from! && value <= to
      : (value >= from! && value <= high) || (value >= low && value <= to);
  });
}

const CRON = fc.record({
  minute: field(0, 59),
  hour: field(0, 23),
  byWeek: fc.boolean(),
  day: field(1, 31),
  month: field(1, 12),
  weekDay: field(1, 7).filter((text) => !text.includes('/')),
});

describe('both directions', () => {
  it('agree with a walk minute by minute over a month', () => {
    const start = at('2028-02-01T00:00');
    const length = 29 * 24 * 60;
    fc.assert(
      fc.property(
        CRON,
        fc.integer({ min: 0, max: length }),
        ({ minute, hour, byWeek, day, month, weekDay }, offset) => {
          const expression = `cron(${minute} ${hour} ${byWeek ? `? ${month} ${weekDay}` : `${day} ${month} ?`} *)`;
          const due = (moment: number): boolean => {
            const date = new Date(moment);
            return (
              isIn(date.getUTCMinutes(), minute, 0, 59) &&
              isIn(date.getUTCHours(), hour, 0, 23) &&
              isIn(date.getUTCMonth() + 1, month, 1, 12) &&
              (byWeek ? isIn(date.getUTCDay() + 1, weekDay, 1, 7) : isIn(date.getUTCDate(), day, 1, 31))
            );
          };
          const instant = start + offset * MINUTE;
          const end = start + length * MINUTE;
          let after = instant + MINUTE;
          while (after < end && !due(after)) after += MINUTE;
          let before = instant - MINUTE;
          while (before >= start && !due(before)) before -= MINUTE;

          const next = nextAfter(expression, instant);
          const previous = previousBefore(expression, instant);
          expect(after < end ? next : Math.max(next ?? end, end)).toBe(after < end ? after : (next ?? end));
          expect(before >= start ? previous : (previous ?? -1) < start).toBe(before >= start ? before : true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are inverse: the moment before the next one is not after the instant', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('cron(7 3 L * ? *)', 'cron(0/7 * ? * 2#1 *)', 'cron(0 0 29 2 ? *)', 'rate(7 minutes)'),
        fc.integer({ min: 0, max: at('2190-01-01T00:00') }),
        (expression, instant) => {
          const next = nextAfter(expression, instant)!;
          expect(next).toBeGreaterThan(instant);
          expect(previousBefore(expression, next + 1)).toBe(next);
          expect(previousBefore(expression, next) ?? 0).toBeLessThanOrEqual(instant);
        },
      ),
    );
  });

  it('find a moment of a sparse expression at once', () => {
    const started = performance.now();
    for (let look = 0; look < 100; look += 1) nextAfter('cron(0 0 30 2 ? *)', 0);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
