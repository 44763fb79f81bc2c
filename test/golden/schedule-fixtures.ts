import { previewSchedule } from '../../src/operations/preview-schedule.ts';
import type { Plan } from '../../src/engine/types.ts';
import { parseDeclared } from '../../src/schedule/declared.ts';
import { parseTag } from '../../src/schedule/tag.ts';
import { transitions } from '../../src/schedule/transitions.ts';
import type { DeclaredSchedule, Schedule, ScheduleFaults } from '../../src/schedule/types.ts';
import { oneChangePlan } from './fixtures.ts';

function read(schedule: Schedule | ScheduleFaults): Schedule {
  if (schedule.error) throw new Error(schedule.error.message);
  return schedule;
}

function declared(schedule: DeclaredSchedule): Schedule {
  return read(parseDeclared(schedule));
}

const LONDON = declared({
  timezone: 'Europe/London',
  periods: [
    { days: 'mon-fri', on: '08:30', off: '18:00' },
    { days: 'sun', on: '01:30', off: '05:15' },
  ],
});
const KOLKATA = declared({ timezone: 'Asia/Kolkata', periods: [{ days: 'mon-fri', on: '21:00', off: '05:00' }] });

/** The night in which London's clocks go forward. */
export const londonPreview = previewSchedule(LONDON, {
  id: 'london-office',
  from: Date.parse('2026-03-27T12:00:00Z'),
  isDate: true,
  days: 4,
});

/** The night in which they go back, seen on the clocks of New York. */
export const awayPreview = previewSchedule(LONDON, {
  id: 'london-office',
  from: Date.parse('2026-10-24T12:00:00Z'),
  isDate: true,
  days: 3,
  timezone: 'America/New_York',
});

export const disabledPreview = previewSchedule(read(parseTag('mon;0700;fri;1800;disable;')), {
  id: 'mon;0700;fri;1800;disable;',
  from: Date.parse('2026-11-23T00:00:00Z'),
  isDate: true,
  days: 7,
});

/** Of a schedule that names no state before its first transition. */
export const hostilePreview = (id: string) =>
  previewSchedule(declared({ periods: [] }), { id, from: Date.parse('2026-11-23T09:20:00Z'), isDate: false, days: 2 });

const LONDONER = { timezone: 'Europe/London', schedule: 'london-office', now: 'none' };
const INDIAN = { timezone: 'Asia/Kolkata', schedule: 'kolkata-office', now: 'none' };

/** Instances over the change of the clocks, of schedules in two zones. */
export const timelinePlan: Plan = (() => {
  const [from, to] = ['2026-03-25T09:00:00Z', '2026-04-01T08:00:00Z'];
  const place = { account: '111122223333', region: 'eu-west-1' };
  const of = (schedule: Schedule) => transitions(schedule, { from, to }).map((transition) => ({ ...transition }));
  const instances = [
    { id: 'i-0a12b34c56d78e90f', ...place, ...LONDONER, initial: 'on', before: null, transitions: of(LONDON) },
    { id: 'i-0a13b34c56d78e90f', ...place, ...LONDONER, initial: 'on', now: 'stop', transitions: of(LONDON) },
    { id: 'i-0b77b34c56d78e901', ...place, ...INDIAN, initial: 'off', before: 'mon;0700;;', transitions: of(KOLKATA) },
    { id: 'i-0c88b34c56d78e902', ...place, ...LONDONER, initial: 'on', idle: 'disabled by its owner', transitions: [] },
  ];
  const [document] = oneChangePlan.documents;
  if (!document) throw new Error('a plan without a document');
  const data = { tagKey: 'EntScheduler', mode: 'edge', from, to, instances };
  const effects = [{ document: 'InstanceSchedule/london-office', code: 'schedule.timeline', data }];
  return { ...oneChangePlan, documents: [{ ...document, effects }] };
})();
