import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { parseDeclared } from './declared.ts';
import { parseTag } from './tag.ts';
import { transitions } from './transitions.ts';
import type { Schedule, ScheduleFaults } from './types.ts';

const NOW = '2016-08-01T08:30:00Z';
const TAG = { tag: 'mon;0830;;', now: NOW, state: 'stopped' };
const PERIOD = { days: 'mon', on: '08:30' };

/** What JSON can carry and `String` cannot turn into text. */
const NO_TEXT = { toString: 1 };
const CIRCLE: { self?: object } = {};
CIRCLE.self = CIRCLE;
const DEEP: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));

function scheduled(schedule: unknown): object {
  return { schedule, now: NOW, state: 'stopped' };
}

function read(schedule: Schedule | ScheduleFaults): Schedule {
  if (schedule.error) throw new Error(schedule.error.message);
  return schedule;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const THROWING = {
  get tag(): string {
    throw new Error('no');
  },
};

/** A value that is sound when it is looked at first, and another one after that. */
function changing(first: unknown, then: unknown): PropertyDescriptor {
  let looks = 0;
  return { enumerable: true, get: () => (looks++ === 0 ? first : then) };
}

describe('a field that is handed anything else is an error of its own', () => {
  it.each([
    ['null', 'null', null],
    ['a number', '5', 5],
    ['an object', 'an object', NO_TEXT],
    ['an object without a prototype', 'an object', Object.create(null)],
    ['a toString that is none', 'an object', { toString: null }],
    ['a valueOf that is none', 'an object', { valueOf: null, toString: undefined }],
    ['20,000 lists in each other', 'a list', DEEP],
    ['a circle', 'an object', CIRCLE],
    ['a bigint', 'a bigint', 5n],
    ['a symbol', 'a symbol', Symbol('now')],
    ['a function', 'a function', () => NOW],
    ['a date without a date', 'an object', new Date(Number.NaN)],
    ['true', 'true', true],
    ['text', '"\u202e"', '\u202e'],
    ['long text', `"${'x'.repeat(32)}…"`, 'x'.repeat(1_000_000)],
  ])('%s', (_what, said, value) => {
    const refused = (request: object): string => {
      const { action, reason, error } = decide(request as never);
      expect([action, reason, error?.code]).toEqual(['none', 'cannot be read', 'bad-request']);
      return error?.message ?? '';
    };
    const isTime = value === 5;
    if (!isTime) expect(refused({ ...TAG, now: value })).toMatch(new RegExp(`^now is a time.*, not ${literal(said)}$`));
    const isOptional = isTime || value === null;
    if (!isOptional) {
      expect(refused({ ...TAG, launched: value })).toMatch(/^launched is a time/);
      expect(refused({ ...TAG, stopped: value })).toMatch(/^stopped is a time/);
    }
    expect(refused({ ...TAG, state: value })).toMatch(new RegExp(`^state is one of .*, not ${literal(said)}$`));
    expect(refused({ ...TAG, mode: value })).toMatch(new RegExp(`^mode is one of .*, not ${literal(said)}$`));
    expect(refused({ ...TAG, respectManual: value })).toMatch(/^respectManual is one of/);
    if (!isTime) expect(refused({ ...TAG, window: value })).toMatch(/^window is a duration/);
    if (typeof value !== 'string') expect(refused({ ...TAG, tag: value })).toBe(`tag is text, not ${said}`);
  });

  function literal(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  }

  it.each([
    ['nothing', undefined, 'a request is an object, not nothing'],
    ['null', null, 'a request is an object, not null'],
    ['a list', [], 'a request is an object, not a list'],
    ['text', 'mon', 'a request is an object, not "mon"'],
    ['a getter that throws', THROWING, 'a field of the request cannot be read'],
    ['a proxy that is gone', revoked(), 'a field of the request cannot be read'],
    ['a schedule that is gone', scheduled(revoked()), 'a field of the request cannot be read'],
    ['rules that are gone', scheduled({ rules: revoked() }), 'a field of the request cannot be read'],
    ['a time that throws', { ...TAG, now: Object.create(Date.prototype) }, 'a field of the request cannot be read'],
  ])('%s instead of a request', (_what, request, message) => {
    expect(decide(request as never).error).toEqual({ code: 'bad-request', message, column: 1, path: '' });
  });
});

describe('a declared schedule that is handed anything else', () => {
  it.each([
    ['no schedule', 5, 'bad-shape', ''],
    ['a bigint', 5n, 'bad-shape', ''],
    ['days of 20,000 lists', { periods: [{ ...PERIOD, days: DEEP }] }, 'bad-shape', '/periods/0/days'],
    ['days without text', { periods: [{ ...PERIOD, days: NO_TEXT }] }, 'bad-shape', '/periods/0/days'],
    ['days with a toJSON', { periods: [{ ...PERIOD, days: { toJSON: decide } }] }, 'bad-shape', '/periods/0/days'],
    ['a bigint as a time', { periods: [{ days: 'mon', on: 830n }] }, 'bad-shape', '/periods/0/on'],
    ['a date without text', { periods: [], except: [NO_TEXT] }, 'bad-date', '/except/0'],
    ['a date of 20,000 lists', { periods: [], except: [DEEP] }, 'bad-date', '/except/0'],
    ['a symbol as a date', { periods: [], except: [Symbol('x')] }, 'bad-date', '/except/0'],
    ['a zone without text', { timezone: NO_TEXT, periods: [] }, 'bad-shape', '/timezone'],
    ['an override of lists', { periods: [], override: { until: DEEP, state: 'on' } }, 'bad-shape', '/override/until'],
  ])('%s', (_what, schedule, code, path) => {
    expect(parseDeclared(schedule).error).toMatchObject({ code, path });
    expect(decide(scheduled(schedule) as never)).toMatchObject({
      action: 'none',
      reason: 'cannot be read',
      error: { code, path },
    });
  });

  it('says what it is in words', () => {
    const { error } = parseDeclared({ periods: [{ ...PERIOD, days: DEEP }] });
    expect(error?.message).toBe('days is text of at most 256 characters, not a list');
    expect(parseDeclared({ periods: [], except: [NO_TEXT] }).error?.message).toBe(
      'an object is no date: write 2026-12-25',
    );
  });

  it('has more faults than a call has arguments', () => {
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`x${index}`, 1]));
    const period = parseDeclared({ periods: [{ ...PERIOD, ...many }] });
    expect(period.error && period.errors.length).toBe(200_000);
    const dates = parseDeclared({ periods: [], except: Array.from({ length: 200_000 }, () => 'x') });
    expect(dates.error && dates.errors.length).toBe(200_000);
  });
});

const OFFICE = read(
  parseDeclared({
    timezone: 'Europe/London',
    periods: [{ days: 'mon-fri, 1st sat, last sun', on: '08:30', off: '18:00' }],
    except: ['2016-12-26'],
    override: { until: '2016-07-01T00:00Z', state: 'on', reason: 'load test' },
  }),
);
const [RULE] = OFFICE.rules;
const BARE = { timezone: 'UTC', rules: [], except: [], disabled: false };

describe('a schedule that was read before', () => {
  const monday = { now: '2016-08-01T07:35:00Z', state: 'stopped' } as const;
  const disabled = read(parseTag('mon;0830;;;disable'));

  it.each([
    ['as it is', OFFICE],
    ['spread', { ...OFFICE }],
    ['through JSON', JSON.parse(JSON.stringify(OFFICE)) as Schedule],
    ['cloned', structuredClone(OFFICE)],
    ['with another override', { ...OFFICE, override: { until: 1, state: 'off', reason: '' } as const }],
    ['with no override', { ...OFFICE, override: undefined } as never],
  ])('is one, %s', (_what, schedule) => {
    expect(decide({ schedule, ...monday })).toMatchObject({ action: 'start', reason: 'start due' });
    expect(decide({ schedule, ...monday, mode: 'desired' })).toMatchObject({ action: 'start' });
  });

  it('may be switched on or off in a copy', () => {
    expect(decide({ schedule: disabled, ...monday, now: NOW }).reason).toBe('disabled');
    expect(decide({ schedule: { ...disabled, disabled: false }, ...monday, now: NOW }).reason).toBe('start due');
    expect(decide({ schedule: { ...OFFICE, disabled: true }, ...monday }).reason).toBe('disabled');
  });

  it.each([
    ['a number of rules', { rules: 5 }],
    ['an empty rule', { rules: [{}] }],
    ['an empty rule, the rest sound', { ...BARE, rules: [{}] }],
    ['a rule that is null', { ...BARE, rules: [null] }],
    ['a hole', { ...BARE, rules: Object.assign([], { 0: RULE, 2: RULE }) }],
    ['an action that is none', { ...BARE, rules: [{ ...RULE, action: 'reboot' }] }],
    ['days that are text', { ...BARE, rules: [{ ...RULE, days: 'mon' }] }],
    ['no nth', { ...BARE, rules: [{ ...RULE, days: { weekdays: 2 } }] }],
    ['an eighth weekday', { ...BARE, rules: [{ ...RULE, days: { weekdays: 128, nth: [] } }] }],
    ['a sixth', { ...BARE, rules: [{ ...RULE, days: { weekdays: 0, nth: [{ nth: 6, weekday: 1 }] } }] }],
    ['an nth of no day', { ...BARE, rules: [{ ...RULE, days: { weekdays: 0, nth: [{ nth: 1, weekday: 7 }] } }] }],
    ['an nth that is null', { ...BARE, rules: [{ ...RULE, days: { weekdays: 0, nth: [null] } }] }],
    ['a minute beyond the day', { ...BARE, rules: [{ ...RULE, minute: 1440 }] }],
    ['a minute that is none', { ...BARE, rules: [{ ...RULE, minute: Number.NaN }] }],
    ['a next day that is text', { ...BARE, rules: [{ ...RULE, nextDay: 'no' }] }],
    ['a zone that is none', { ...BARE, timezone: 'Mars/Olympus' }],
    ['a zone that is no text', { ...BARE, timezone: NO_TEXT }],
    ['dates that are text', { ...BARE, except: ['2016-12-26'] }],
    ['a date beyond the calendar', { ...BARE, except: [Number.MAX_SAFE_INTEGER] }],
    ['half a day', { ...BARE, except: [0.5] }],
    ['disabled by text', { ...BARE, disabled: 'no' }],
    ['an override that is null', { ...BARE, override: null }],
    ['an override without an end', { ...BARE, override: { until: Number.NaN, state: 'on', reason: '' } }],
    ['an override without a state', { ...BARE, override: { until: 1, state: 'maybe', reason: '' } }],
    ['an override without a reason', { ...BARE, override: { until: 1, state: 'on' } }],
    ['faults', parseTag('mon')],
  ])('is none with %s', (_what, schedule) => {
    for (const mode of ['edge', 'desired']) {
      expect(decide({ ...scheduled(schedule), mode } as never)).toMatchObject({
        action: 'none',
        reason: 'cannot be read',
        error: { code: 'bad-shape' },
      });
    }
  });

  it('is looked at once', () => {
    const schedule = Object.defineProperties(
      {},
      {
        timezone: changing('UTC', 'Mars/Olympus'),
        rules: changing([RULE], 5),
        except: changing([], 5),
        override: changing(undefined, 5),
        disabled: changing(false, 5),
      },
    );
    expect(decide(scheduled(schedule) as never)).toMatchObject({ action: 'start', reason: 'start due' });
  });

  it('cannot be changed afterwards', () => {
    const [rule] = OFFICE.rules;
    const parts = [OFFICE, OFFICE.rules, OFFICE.except, OFFICE.override, rule, rule?.days, rule?.days.nth];
    expect(parts.map((part) => typeof part === 'object' && Object.isFrozen(part))).toEqual(parts.map(() => true));
    expect(rule?.days.nth.map((nth) => Object.isFrozen(nth))).toEqual([true, true]);
  });
});

describe('transitions between what is no instant', () => {
  it.each([
    ['nothing', undefined, 'nothing'],
    ['null', null, 'null'],
    ['no text', NO_TEXT, 'an object'],
    ['a bigint', 5n, 'a bigint'],
    ['lists', DEEP, 'a list'],
    ['a time without a zone', '2016-08-01T08:30:00', '"2016-08-01T08:30:00"'],
  ])('%s', (_what, from, said) => {
    expect(() => transitions(OFFICE, { from: from as never, to: NOW })).toThrow(new RangeError(`no instant: ${said}`));
  });
});
