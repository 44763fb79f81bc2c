import { describe, expect, it } from 'vitest';
import { parseDeclared } from './declared.ts';
import { transitions } from './transitions.ts';
import type { DeclaredSchedule } from './types.ts';

function read(declared: DeclaredSchedule) {
  const schedule = parseDeclared(declared);
  if (schedule.error) throw new Error(schedule.error.message);
  return schedule;
}

/** `Mon 23 start 08:30`, by the clocks of the zone. */
function week(declared: DeclaredSchedule, from = '2026-11-23T00:00Z', days = 7): readonly string[] {
  const start = Date.parse(from.replace('Z', ':00Z'));
  return transitions(read(declared), { from: start, to: start + days * 86_400_000 - 1 }).map(({ local, action }) => {
    const name = new Date(`${local.slice(0, 10)}T00:00Z`).toUTCString().slice(0, 3);
    return `${name} ${local.slice(8)} ${action}`;
  });
}

describe('the days of a period', () => {
  it.each([
    ['mon', ['Mon 23']],
    ['Mon, WED', ['Mon 23', 'Wed 25']],
    ['tue-thu', ['Tue 24', 'Wed 25', 'Thu 26']],
    ['fri - mon', ['Mon 23', 'Fri 27', 'Sat 28', 'Sun 29']],
    ['sun-sat', ['Mon 23', 'Tue 24', 'Wed 25', 'Thu 26', 'Fri 27', 'Sat 28', 'Sun 29']],
    ['wed-wed', ['Wed 25']],
    ['4th wed', ['Wed 25']],
    ['last  Sun, 4th mon', ['Mon 23', 'Sun 29']],
    ['last wed', ['Wed 25']],
    ['1st mon, 2nd tue, 3rd wed, 5th thu', []],
    ['5th sun', ['Sun 29']],
    ['mon, 4th mon', ['Mon 23']],
  ])('%s', (days, expected) => {
    expect(week({ periods: [{ days, on: '08:30' }] })).toEqual(expected.map((day) => `${day} 08:30 start`));
  });

  it.each([
    ['1st sat', ['2026-01-03', '2026-02-07', '2026-03-07', '2026-04-04']],
    ['5th fri', ['2026-01-30']],
    ['last fri', ['2026-01-30', '2026-02-27', '2026-03-27', '2026-04-24']],
  ])('%s, from January to April', (days, dates) => {
    const found = transitions(read({ periods: [{ days, on: '10:00' }] }), {
      from: '2026-01-01T00:00Z',
      to: '2026-04-30T23:59Z',
    });
    expect(found.map(({ local }) => local.slice(0, 10))).toEqual(dates);
  });

  it('are those of the local date, not of UTC', () => {
    const tokyo = { timezone: 'Asia/Tokyo', periods: [{ days: 'mon', on: '08:30', off: '18:00' }] };
    expect(transitions(read(tokyo), { from: '2026-11-22T00:00Z', to: '2026-11-25T00:00Z' })).toEqual([
      { at: '2026-11-22T23:30:00Z', local: '2026-11-23 08:30', action: 'start' },
      { at: '2026-11-23T09:00:00Z', local: '2026-11-23 18:00', action: 'stop' },
    ]);
  });
});

describe('a period', () => {
  it('over midnight ends on the following day', () => {
    expect(week({ periods: [{ days: 'fri', on: '21:00', off: '05:00' }] })).toEqual([
      'Fri 27 21:00 start',
      'Sat 28 05:00 stop',
    ]);
  });

  it('without a start only stops, without an end only starts', () => {
    expect(
      week({
        periods: [
          { days: 'mon', on: '07:00' },
          { days: 'fri', off: '18:00' },
        ],
      }),
    ).toEqual(['Mon 23 07:00 start', 'Fri 27 18:00 stop']);
  });

  it('that ends when it begins lasts a day, and two that touch are one', () => {
    expect(week({ periods: [{ days: 'tue', on: '09:00', off: '09:00' }] })).toEqual([
      'Tue 24 09:00 start',
      'Wed 25 09:00 stop',
    ]);
    expect(week({ periods: [{ days: 'tue-wed', on: '09:00', off: '09:00' }] })).toEqual([
      'Tue 24 09:00 start',
      'Thu 26 09:00 stop',
    ]);
  });

  it('starts once where two periods say so', () => {
    expect(
      week({
        periods: [
          { days: 'mon', on: '07:00' },
          { days: 'mon-tue', on: '07:00' },
        ],
      }),
    ).toEqual(['Mon 23 07:00 start', 'Tue 24 07:00 start']);
  });
});

describe('what is refused', () => {
  const period = { days: 'mon', on: '08:30' };
  it.each([
    ['no schedule', null, 'bad-shape', '', 1],
    ['no periods', {}, 'bad-shape', '/periods', 1],
    ['an unknown field', { periods: [], tz: 'UTC' }, 'bad-shape', '', 1],
    ['a zone that is none', { timezone: 'Europe/Londn', periods: [period] }, 'unknown-timezone', '/timezone', 1],
    ['a bare offset', { timezone: '+01:00', periods: [period] }, 'unknown-timezone', '/timezone', 1],
    ['a period without days', { periods: [{ on: '08:30' }] }, 'no-days', '/periods/0', 1],
    ['a period without times', { periods: [period, { days: 'mon' }] }, 'missing-time', '/periods/1', 1],
    ['a day that is none', { periods: [{ ...period, days: 'mon, tues' }] }, 'unknown-day', '/periods/0/days', 6],
    ['empty days', { periods: [{ ...period, days: '' }] }, 'unknown-day', '/periods/0/days', 1],
    ['an nth of a range', { periods: [{ ...period, days: '1st mon-fri' }] }, 'unknown-day', '/periods/0/days', 1],
    ['a sixth', { periods: [{ ...period, days: 'mon,6th mon' }] }, 'unknown-day', '/periods/0/days', 5],
    ['a range of three', { periods: [{ ...period, days: 'mon-wed-fri' }] }, 'unknown-day', '/periods/0/days', 1],
    ['an hour of one digit', { periods: [{ days: 'mon', on: '8:30' }] }, 'bad-time', '/periods/0/on', 1],
    ['24:00', { periods: [{ days: 'mon', off: '24:00' }] }, 'bad-time', '/periods/0/off', 1],
    ['a time that is a number', { periods: [{ days: 'mon', on: 510 }] }, 'bad-shape', '/periods/0/on', 1],
    ['a date that does not exist', { periods: [], except: ['2026-02-29'] }, 'bad-date', '/except/0', 1],
    [
      'an override without a zone',
      { periods: [], override: { until: '2026-12-01T00:00', state: 'on' } },
      'bad-override',
      '/override/until',
      1,
    ],
    [
      'an override without a state',
      { periods: [], override: { until: '2026-12-01T00:00Z' } },
      'bad-override',
      '/override/state',
      1,
    ],
  ])('%s', (_what, declared, code, path, column) => {
    expect(parseDeclared(declared).error).toMatchObject({ code, path, column });
  });

  it('is told all at once', () => {
    const declared = { timezone: 'Mars/Olympus', periods: [{ days: 'noday', on: '25:00' }], except: ['x'] };
    const parsed = parseDeclared(declared);
    expect('errors' in parsed && parsed.errors.map(({ path }) => path)).toEqual([
      '/timezone',
      '/periods/0/on',
      '/periods/0/days',
      '/except/0',
    ]);
  });
});
