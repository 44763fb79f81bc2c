import { describe, expect, it } from 'vitest';
import { parseDeclared } from './declared.ts';
import { transitions } from './transitions.ts';
import { localDay, momentOf, offsetAt, zoneOf } from './zone.ts';

describe('a local time', () => {
  it.each([
    ['Europe/London', '2026-03-29T01:30', '2026-03-29T01:00', 'gap'],
    ['Europe/London', '2026-03-29T02:00', '2026-03-29T01:00', undefined],
    ['Europe/London', '2026-03-29T00:59', '2026-03-29T00:59', undefined],
    ['Europe/London', '2026-10-25T01:30', '2026-10-25T00:30', 'overlap'],
    ['Europe/London', '2026-10-25T01:00', '2026-10-25T00:00', 'overlap'],
    ['Europe/London', '2026-10-25T02:00', '2026-10-25T02:00', undefined],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00', 'gap'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30', 'overlap'],
    ['Asia/Kathmandu', '2026-11-23T08:30', '2026-11-23T02:45', undefined],
    ['Asia/Kolkata', '2026-11-23T08:30', '2026-11-23T03:00', undefined],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30', 'gap'],
    ['Australia/Lord_Howe', '2026-10-04T02:30', '2026-10-03T15:30', undefined],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45', 'overlap'],
    ['America/Santiago', '2026-09-06T00:00', '2026-09-06T04:00', 'gap'],
    ['America/Santiago', '2026-04-04T23:30', '2026-04-05T02:30', 'overlap'],
    ['Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:00', 'gap'],
    ['Africa/Cairo', '2026-10-29T23:30', '2026-10-29T20:30', 'overlap'],
    ['Asia/Beirut', '2026-03-29T00:15', '2026-03-28T22:00', 'gap'],
    ['Pacific/Apia', '2011-12-30T08:00', '2011-12-30T10:00', 'gap'],
    ['Pacific/Kwajalein', '1993-08-21T12:00', '1993-08-21T12:00', 'gap'],
    ['UTC', '2026-03-29T01:30', '2026-03-29T01:30', undefined],
  ])('in %s, %s, is %sZ', (name, wall, expected, dst) => {
    const moment = momentOf(zoneOf(name), Date.parse(`${wall}Z`));
    expect([new Date(moment.at).toISOString().slice(0, 16), moment.dst]).toEqual([expected, dst]);
  });

  it.each([
    'Europe/London',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Africa/Casablanca',
    'America/St_Johns',
  ])('of every quarter of an hour of 2026 in %s is what Intl shows, at the first moment that shows it', (name) => {
    const zone = zoneOf(name);
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'short' });
    const first = new Map<string, number>();
    const start = Date.UTC(2025, 11, 31);
    for (let at = start; at < Date.UTC(2027, 0, 2); at += 900_000) {
      const shown = format.format(at);
      if (!first.has(shown)) first.set(shown, at);
    }
    const wrong: string[] = [];
    for (let wall = Date.UTC(2026, 0, 1); wall < Date.UTC(2027, 0, 1); wall += 900_000) {
      const text = new Date(wall).toISOString().slice(0, 16).replace('T', ' ');
      const { at, dst } = momentOf(zone, wall);
      const expected = first.get(text);
      const isGap = expected === undefined;
      if ((dst === 'gap') !== isGap || (!isGap && at !== expected)) wrong.push(text);
    }
    expect(wrong).toEqual([]);
    expect(localDay(zone, start)).toBe(Math.floor((start + offsetAt(zone, start)) / 86_400_000));
  });
});

describe('edges at a change of the clocks', () => {
  function edges(timezone: string, on: string, off: string, from: string, to: string) {
    const schedule = parseDeclared({ timezone, periods: [{ days: 'mon-sun', on, off }] });
    return schedule.error ? [] : transitions(schedule, { from, to });
  }

  it('say what happened to them', () => {
    expect(edges('Europe/London', '01:30', '03:00', '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      { at: '2026-03-29T01:00:00Z', local: '2026-03-29 02:00', action: 'start', dst: 'gap' },
      { at: '2026-03-29T02:00:00Z', local: '2026-03-29 03:00', action: 'stop' },
    ]);
    expect(edges('Europe/London', '01:30', '03:00', '2026-10-25T00:00Z', '2026-10-25T12:00Z')).toEqual([
      { at: '2026-10-25T00:30:00Z', local: '2026-10-25 01:30', action: 'start', dst: 'overlap' },
      { at: '2026-10-25T03:00:00Z', local: '2026-10-25 03:00', action: 'stop' },
    ]);
  });

  it('that a gap moves onto one another do nothing', () => {
    expect(edges('Europe/London', '01:15', '01:45', '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([]);
    // Samoa had no 30 December 2011.
    expect(edges('Pacific/Apia', '08:00', '18:00', '2011-12-30T05:00Z', '2011-12-30T12:00Z')).toEqual([]);
  });
});
