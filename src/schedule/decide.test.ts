import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { DecideRequest } from './decide.ts';
import { parseDeclared } from './declared.ts';
import { transitions } from './transitions.ts';
import type { DeclaredSchedule } from './types.ts';

const MORNING = 'mon;0830;;';

/** 2016-08-01 was a Monday. */
function asked(request: Partial<DecideRequest> & { readonly now: string }) {
  const { action, reason } = decide({ state: 'stopped', window: '12m', ...request });
  return [action, reason];
}

describe("the original's window table, in edge mode", () => {
  it.each([
    ['12 minutes late', MORNING, '2016-08-01T08:42:00Z', 'start', 'start due'],
    ['the seconds of that minute', MORNING, '2016-08-01T08:42:59Z', 'start', 'start due'],
    ['13 minutes late', MORNING, '2016-08-01T08:43:00Z', 'none', 'nothing due'],
    ['a second early', MORNING, '2016-08-01T08:29:59Z', 'none', 'nothing due'],
    ['at the minute', MORNING, '2016-08-01T08:30:00Z', 'start', 'start due'],
    ['on another day', MORNING, '2016-08-02T08:30:00Z', 'none', 'nothing due'],
    ['after midnight', 'mon;0000;;', '2016-08-01T00:05:00Z', 'start', 'start due'],
    ['over midnight', 'mon;2355;;', '2016-08-02T00:00:00Z', 'start', 'start due'],
    ['over the end of the week', 'sat;2355;;', '2016-08-07T00:00:00Z', 'start', 'start due'],
    ['over the end of a year', 'sat;2355;;', '2017-01-01T00:07:00Z', 'start', 'start due'],
    ['off 08:50, on 08:55: the later', 'mon;0855;mon;0850', '2016-08-01T09:00:00Z', 'start', 'start due'],
    ['both at 08:50', 'mon;0850;mon;0850', '2016-08-01T09:00:00Z', 'none', 'start and stop at the same time'],
    ['disabled', 'mon;0830;;;disable', '2016-08-01T08:30:00Z', 'none', 'disabled'],
  ])('%s', (_what, tag, now, action, reason) => {
    expect(asked({ tag, now })).toEqual([action, reason]);
  });

  it('later stop wins over an earlier start', () => {
    expect(asked({ tag: 'mon;0850;mon;0855', now: '2016-08-01T09:00:00Z', state: 'running' })).toEqual([
      'stop',
      'stop due',
    ]);
    expect(asked({ tag: 'mon;0850;mon;0855', now: '2016-08-01T09:00:00Z' })).toEqual(['none', 'already stopped']);
  });

  it('one that cannot be read leaves its machine alone and says why', () => {
    expect(decide({ tag: 'mon;830;;', now: '2016-08-01T08:30:00Z', state: 'stopped' })).toEqual({
      action: 'none',
      reason: 'cannot be read',
      error: expect.objectContaining({ code: 'bad-time', column: 5 }),
    });
  });

  it.each([
    ['10m', '2016-08-01T08:40:00Z', 'start'],
    ['10m', '2016-08-01T08:41:00Z', 'none'],
    ['2h', '2016-08-01T10:30:30Z', 'start'],
    [60_000, '2016-08-01T08:31:59Z', 'start'],
    ['7d', '2016-08-08T08:00:00Z', 'start'],
  ])('looks back %s: at %s %s', (window, now, action) => {
    expect(asked({ tag: MORNING, now, window })[0]).toBe(action);
  });

  it('names the transition', () => {
    const schedule: DeclaredSchedule = { timezone: 'Europe/London', periods: [{ days: 'sun', on: '01:30' }] };
    expect(decide({ schedule, now: '2026-03-29T01:05:00Z', state: 'stopped' }).edge).toEqual({
      at: '2026-03-29T01:00:00Z',
      local: '2026-03-29 02:00',
      action: 'start',
      dst: 'gap',
    });
  });
});

describe('only states that can act do', () => {
  it.each([
    ['stopped', 'start', 'start due', 'none', 'already stopped'],
    ['running', 'none', 'already running', 'stop', 'stop due'],
    ['pending', 'none', 'state pending', 'none', 'state pending'],
    ['stopping', 'none', 'state stopping', 'none', 'state stopping'],
    ['shutting-down', 'none', 'state shutting-down', 'none', 'state shutting-down'],
    ['terminated', 'none', 'state terminated', 'none', 'state terminated'],
  ] as const)('%s', (state, start, startReason, stop, stopReason) => {
    const now = '2016-08-01T08:30:00Z';
    expect(asked({ tag: MORNING, now, state })).toEqual([start, startReason]);
    expect(asked({ tag: ';;mon;0830', now, state })).toEqual([stop, stopReason]);
  });
});

const OFFICE: DeclaredSchedule = {
  timezone: 'Europe/London',
  periods: [{ days: 'mon-fri', on: '08:30', off: '18:00' }],
};
const CHRISTMAS: DeclaredSchedule = { ...OFFICE, except: ['2026-12-25', '2026-12-28'] };
const LOAD_TEST: DeclaredSchedule = {
  ...OFFICE,
  override: { until: '2026-12-01T07:00Z', state: 'on', reason: 'load test' },
};
const FREEZE: DeclaredSchedule = {
  ...OFFICE,
  override: { until: '2026-12-01T12:00Z', state: 'off', reason: 'freeze' },
};
const ALWAYS: DeclaredSchedule = { periods: [{ days: 'mon', on: '07:00' }], except: ['2026-11-25'] };

describe('exceptions and overrides in edge mode', () => {
  it.each([
    ['a date of except has no start', CHRISTMAS, '2026-12-25T08:30Z', 'stopped', 'none', 'start suppressed by except'],
    ['but its stop', CHRISTMAS, '2026-12-25T18:00Z', 'running', 'stop', 'stop due'],
    ['the day before has its start', CHRISTMAS, '2026-12-24T08:30Z', 'stopped', 'start', 'start due'],
    [
      'an override on holds stops back',
      LOAD_TEST,
      '2026-11-30T18:00Z',
      'running',
      'none',
      'stop suppressed by override',
    ],
    ['and lets starts through', LOAD_TEST, '2026-11-30T08:30Z', 'stopped', 'start', 'start due'],
    ['its end does nothing', LOAD_TEST, '2026-12-01T07:00Z', 'running', 'none', 'nothing due'],
    ['the stop after its end', LOAD_TEST, '2026-12-01T18:00Z', 'running', 'stop', 'stop due'],
    [
      'an override off holds starts back',
      FREEZE,
      '2026-12-01T08:30Z',
      'stopped',
      'none',
      'start suppressed by override',
    ],
  ] as const)('%s', (_what, schedule, now, state, action, reason) => {
    expect(asked({ schedule, now, state })).toEqual([action, reason]);
  });
});

describe('desired mode', () => {
  it.each([
    ['heals a missed start', OFFICE, '2026-11-23T11:00Z', 'stopped', 'start', 'should be running'],
    ['heals a missed stop', OFFICE, '2026-11-29T11:00Z', 'running', 'stop', 'should be stopped'],
    ['is content', OFFICE, '2026-11-23T11:00Z', 'running', 'none', 'already running'],
    ['a date of except is off all day', CHRISTMAS, '2026-12-25T10:00Z', 'running', 'stop', 'except: off all day'],
    ['from midnight on', ALWAYS, '2026-11-25T00:00Z', 'running', 'stop', 'except: off all day'],
    ['and not before', ALWAYS, '2026-11-24T23:59:59Z', 'running', 'none', 'already running'],
    ['then the last edge counts again', ALWAYS, '2026-11-26T00:00Z', 'stopped', 'start', 'should be running'],
    ['an override on', LOAD_TEST, '2026-11-29T11:00Z', 'stopped', 'start', 'override: on'],
    ['back to the last edge after it', LOAD_TEST, '2026-12-01T07:00Z', 'running', 'stop', 'should be stopped'],
    ['an override off', FREEZE, '2026-11-30T11:00Z', 'running', 'stop', 'override: off'],
    ['back to the last edge after that', FREEZE, '2026-12-01T12:00Z', 'stopped', 'start', 'should be running'],
    [
      'an edge of last year',
      { periods: [{ days: '5th mon', on: '07:00' }] },
      '2026-03-29T00:00Z',
      'stopped',
      'start',
      'should be running',
    ],
    ['no edge at all', { periods: [] }, '2026-11-23T11:00Z', 'stopped', 'none', 'no transition yet'],
  ] as const)('%s', (_what, schedule, now, state, action, reason) => {
    expect(asked({ schedule, now, state, mode: 'desired' })).toEqual([action, reason]);
  });
});

describe('what somebody did by hand', () => {
  const stopAt = '2026-11-23T18:00:00Z';
  it.each([
    ['started after the stop', { state: 'running', launched: '2026-11-23T19:30:00Z' }, 'none', 'started by hand'],
    ['soon after the stop', { state: 'running', launched: '2026-11-23T18:02:00Z' }, 'none', 'started by hand'],
    ['started before the stop', { state: 'running', launched: '2026-11-23T17:59:59Z' }, 'stop', 'should be stopped'],
    ['started at the stop', { state: 'running', launched: stopAt }, 'stop', 'should be stopped'],
    ['not known when', { state: 'running', launched: null }, 'stop', 'should be stopped'],
    [
      'known to be ours',
      { state: 'running', launched: '2026-11-23T19:30:00Z', changedByUs: true },
      'stop',
      'should be stopped',
    ],
    [
      'enforced',
      { state: 'running', launched: '2026-11-23T19:30:00Z', respectManual: 'enforce' },
      'stop',
      'should be stopped',
    ],
  ] as const)('%s', (_what, known, action, reason) => {
    expect(asked({ schedule: OFFICE, now: '2026-11-23T22:00:00Z', mode: 'desired', ...known })).toEqual([
      action,
      reason,
    ]);
  });

  it.each([
    ['stopped after the start', { stopped: '2026-11-24T10:41:00Z' }, 'none', 'stopped by hand'],
    ['stopped before the start', { stopped: '2026-11-23T18:00:20Z' }, 'start', 'should be running'],
    ['not known when', {}, 'start', 'should be running'],
    ['enforced', { stopped: '2026-11-24T10:41:00Z', respectManual: 'enforce' }, 'start', 'should be running'],
  ] as const)('%s', (_what, known, action, reason) => {
    expect(asked({ schedule: OFFICE, now: '2026-11-24T12:00:00Z', mode: 'desired', ...known })).toEqual([
      action,
      reason,
    ]);
  });

  it('is over at the next transition', () => {
    const known = { state: 'running', launched: '2026-11-23T19:30:00Z', mode: 'desired' } as const;
    expect(asked({ schedule: OFFICE, now: '2026-11-24T18:00:00Z', ...known })).toEqual(['stop', 'should be stopped']);
  });

  it('is not undone within the window of the edge mode either', () => {
    const stopped = { tag: MORNING, now: '2016-08-01T08:40:00Z', stopped: '2016-08-01T08:35:00Z' };
    expect(asked(stopped)).toEqual(['none', 'stopped by hand']);
    const started = {
      tag: ';;mon;1800',
      now: '2016-08-01T18:10:00Z',
      state: 'running',
      launched: '2016-08-01T18:05:00Z',
    };
    expect(asked(started as never)).toEqual(['none', 'started by hand']);
  });

  it('is not what a run before a close edge began late', () => {
    const close = { tag: 'mon;0830;mon;0831', now: '2016-08-01T08:40:00Z', state: 'running' } as const;
    expect(asked({ ...close, launched: '2016-08-01T08:31:20Z' })).toEqual(['stop', 'stop due']);
    expect(asked({ ...close, launched: '2016-08-01T08:38:00Z' })).toEqual(['none', 'started by hand']);
  });

  const CLOSE: DeclaredSchedule = {
    periods: [
      { days: 'mon', on: '17:55' },
      { days: 'mon', off: '18:00' },
    ],
  };
  const REVERSE: DeclaredSchedule = {
    periods: [
      { days: 'mon', off: '17:55' },
      { days: 'mon', on: '18:00' },
    ],
  };
  it.each([
    ['a launch as the stop falls due', CLOSE, 'running', '18:00:00', 'stop', 'should be stopped'],
    ['a call for the start, a minute late', CLOSE, 'running', '18:01:00', 'stop', 'should be stopped'],
    ['a call for the start, two minutes late', CLOSE, 'running', '18:02:00', 'stop', 'should be stopped'],
    ['a launch a second later', CLOSE, 'running', '18:02:01', 'none', 'started by hand'],
    ['a launch three minutes after the stop', CLOSE, 'running', '18:03:00', 'none', 'started by hand'],
    ['a launch just before five minutes', CLOSE, 'running', '18:04:59', 'none', 'started by hand'],
    ['a call for the stop, two minutes late', REVERSE, 'stopped', '18:02:00', 'start', 'should be running'],
    ['a stop a second later', REVERSE, 'stopped', '18:02:01', 'none', 'stopped by hand'],
    ['a stop three minutes after the start', REVERSE, 'stopped', '18:03:00', 'none', 'stopped by hand'],
  ] as const)('soon after one of two close edges: %s', (_what, schedule, state, time, action, reason) => {
    const changed = `2026-11-23T${time}Z`;
    const known = state === 'running' ? { launched: changed } : { stopped: changed };
    const now = '2026-11-23T19:00:00Z';
    expect(asked({ schedule, now, mode: 'desired', state, ...known })).toEqual([action, reason]);
  });

  it("soon after an edge is nobody else's where the edge before is outside the window", () => {
    const known = { state: 'running', launched: '2026-11-23T18:01:00Z', mode: 'desired' } as const;
    const now = '2026-11-23T19:00:00Z';
    expect(asked({ schedule: CLOSE, now, window: '5m', ...known })).toEqual(['stop', 'should be stopped']);
    expect(asked({ schedule: CLOSE, now, window: '4m', ...known })).toEqual(['none', 'started by hand']);
  });

  it('does not count against an override', () => {
    const known = { state: 'running', launched: '2026-11-30T09:00:00Z', mode: 'desired' } as const;
    expect(asked({ schedule: FREEZE, now: '2026-11-30T11:00:00Z', ...known })).toEqual(['stop', 'override: off']);
  });
});

describe('a request that cannot be read', () => {
  const good = { tag: MORNING, now: '2016-08-01T08:30:00Z', state: 'stopped' };
  it.each([
    ['neither tag nor schedule', { now: good.now, state: 'stopped' }],
    ['both', { ...good, schedule: OFFICE }],
    ['a tag that is no text', { ...good, tag: 5 }],
    ['no time', { tag: MORNING, state: 'stopped' }],
    ['a time without a zone', { ...good, now: '2016-08-01T08:30:00' }],
    ['a date that does not exist', { ...good, now: '2016-02-30T08:30:00Z' }],
    ['a state that is none', { ...good, state: 'asleep' }],
    ['a mode that is none', { ...good, mode: 'wish' }],
    ['a window without a unit', { ...good, window: '12' }],
    ['a window beyond a month', { ...good, window: '32d' }],
    ['a window of no length', { ...good, window: Number.NaN }],
    ['a launch that is no time', { ...good, launched: 'yesterday' }],
    ['a year before the epoch', { ...good, now: '1969-12-31T23:59:59Z' }],
  ])('%s', (_what, request) => {
    expect(decide(request as never)).toMatchObject({
      action: 'none',
      reason: 'cannot be read',
      error: { code: 'bad-request' },
    });
  });
});

describe('what a schedule remembers', () => {
  it('makes no difference, in whichever order it is asked', () => {
    const declared: DeclaredSchedule[] = [
      OFFICE,
      CHRISTMAS,
      LOAD_TEST,
      FREEZE,
      ALWAYS,
      { periods: [{ days: '5th mon', on: '07:00' }] },
    ];
    for (const schedule of declared) {
      const parsed = parseDeclared(schedule);
      if (parsed.error) throw new Error(parsed.error.message);
      for (let step = 0; step < 500; step += 1) {
        // A walk to and fro through the winter.
        const now = Date.UTC(2026, 10, 20) + ((step * 7_919) % 1_000) * 3_600_000;
        const situation = { now, mode: 'desired', state: 'stopped' } as const;
        expect(decide({ schedule: parsed, ...situation })).toEqual(decide({ schedule, ...situation }));
      }
    }
  });
});

describe('where dates and searches meet', () => {
  it.each([
    // Samoa had no 30 December 2011, a Friday: what it held happens as Saturday begins.
    [
      'a day that a zone leaves out',
      'Pacific/Apia',
      'fri',
      '08:00',
      '2011-12-30T10:12:00Z',
      '2011-12-30T10:00:00Z',
      'gap',
    ],
    // At 00:01 of Sunday Newfoundland's clocks went back to 23:01 of Saturday.
    [
      'clocks that go back over midnight',
      'America/St_Johns',
      'sun',
      '00:00',
      '2010-11-07T02:40:00Z',
      '2010-11-07T02:30:00Z',
      'overlap',
    ],
  ])('%s', (_what, timezone, days, on, now, at, dst) => {
    const schedule = { timezone, periods: [{ days, on }] };
    expect(decide({ schedule, now, state: 'stopped' })).toMatchObject({ action: 'start', edge: { at, dst } });
  });

  it('an edge half a minute before the first look back is found by the second', () => {
    const schedule = {
      periods: [
        { days: 'mon', on: '07:00' },
        { days: 'sun', off: '20:00' },
      ],
    };
    const now = '2026-11-25T07:00:30Z';
    expect(decide({ schedule, now, mode: 'desired', state: 'stopped' })).toMatchObject({
      action: 'start',
      edge: { at: '2026-11-23T07:00:00Z' },
    });
  });

  it('an edge at the midnight at which a date of except ends happens once', () => {
    const schedule = parseDeclared({
      periods: [{ days: 'mon-sun', on: '00:00', off: '20:00' }],
      except: ['2026-12-25'],
    });
    if (schedule.error) throw new Error(schedule.error.message);
    const interval = { from: '2026-12-24T12:00Z', to: '2026-12-26T12:00Z' };
    const times = (mode: 'edge' | 'desired') =>
      transitions(schedule, { ...interval, mode }).map(({ at, action }) => `${action} ${at}`);
    const expected = ['stop 2026-12-24T20:00:00Z', 'stop 2026-12-25T20:00:00Z', 'start 2026-12-26T00:00:00Z'];
    expect([times('edge'), times('desired')]).toEqual([expected, expected]);
  });

  it('dates of except and the end of an override are transitions in desired mode only', () => {
    const schedule = parseDeclared({
      timezone: 'Europe/London',
      periods: [{ days: 'mon', on: '07:00' }],
      except: ['2026-07-01', '2026-07-02'],
      override: { until: '2026-06-30T09:20Z', state: 'off', reason: 'repair' },
    });
    if (schedule.error) throw new Error(schedule.error.message);
    const interval = { from: '2026-06-28T00:00Z', to: '2026-07-05T00:00Z' };
    expect(transitions(schedule, interval)).toEqual([]);
    expect(transitions(schedule, { ...interval, mode: 'desired' })).toEqual([
      { at: '2026-06-30T09:20:00Z', local: '2026-06-30 10:20', action: 'start', because: 'override' },
      { at: '2026-06-30T23:00:00Z', local: '2026-07-01 00:00', action: 'stop', because: 'except' },
      { at: '2026-07-02T23:00:00Z', local: '2026-07-03 00:00', action: 'start', because: 'except' },
    ]);
  });
});
