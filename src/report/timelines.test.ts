import { describe, expect, it } from 'vitest';
import type { Value } from '../engine/types.ts';
import { createStyle } from './style.ts';
import { timelinesOf } from './timelines.ts';
import { timelinesLines } from './timelines-text.ts';

const START = { at: '2026-11-24T08:30:00Z', local: '2026-11-24 08:30', action: 'start' };
const INSTANCE = {
  id: 'i-1',
  account: '111122223333',
  region: 'eu-west-1',
  timezone: 'UTC',
  schedule: 'mon;0830;;',
  now: 'none' as const,
  initial: 'off',
  transitions: [START],
};
const DATA = {
  tagKey: 'EntScheduler',
  from: '2026-11-24T00:00:00Z',
  to: '2026-11-25T00:00:00Z',
  instances: [INSTANCE],
};

function read(data: { readonly [key: string]: Value }, code = 'schedule.timeline') {
  return timelinesOf({ document: 'InstanceSchedule/office', code, data });
}

describe('the effect schedule.timeline', () => {
  it('is read as it is', () => {
    expect(read(DATA)).toBe(DATA);
    expect(read({ ...DATA, instances: [] })).toMatchObject({ instances: [] });
  });

  it.each([
    ['a code of its own', DATA, 'dns.records'],
    ['a zone that is none', { ...DATA, instances: [{ ...INSTANCE, timezone: 'Mars/Olympus' }] }],
    ['no tag', { from: DATA.from, to: DATA.to, instances: [] }],
    ['no end', { tagKey: 'EntScheduler', from: DATA.from, instances: [] }],
    ['a time that is none', { ...DATA, to: 'tomorrow' }],
    ['an instance without a name', { ...DATA, instances: [{ transitions: [] }] }],
    ['a state that is none', { ...DATA, instances: [{ ...INSTANCE, initial: 'asleep' }] }],
    [
      'an action that is none',
      { ...DATA, instances: [{ ...INSTANCE, transitions: [{ ...START, action: 'toString' }] }] },
    ],
    ['a mark that is none', { ...DATA, instances: [{ ...INSTANCE, transitions: [{ ...START, dst: 'constructor' }] }] }],
    ['a transition at no time', { ...DATA, instances: [{ ...INSTANCE, transitions: [{ ...START, at: '' }] }] }],
  ])('is not what has %s', (_what, data, code?: string) => {
    expect(read(data, code)).toBeUndefined();
  });

  it('draws the first twenty instances and counts the others', () => {
    const style = createStyle({ color: false, width: 80, unicode: true });
    const instances = Array.from({ length: 1_234 }, (_, index) => ({
      ...INSTANCE,
      initial: 'on' as const,
      id: `i-${index}`,
      transitions: [],
    }));
    const text = style.paint(timelinesLines({ ...DATA, instances }, style));
    expect(text).toContain('the next 1 day, UTC (1,234 instances, 1,234 running now)');
    expect(text.match(/▕████████▏/g)).toHaveLength(20);
    expect(text).toContain('…and 1,214 instances more');
  });
});
