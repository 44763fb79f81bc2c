import { DAY, instantText } from './civil.ts';
import { lastTransition } from './desired.ts';
import { transitions } from './transitions.ts';
import type { Schedule, ScheduleMode, Transition } from './types.ts';
import { localDay, momentOf, offsetAt, zoneOf } from './zone.ts';

/** What one machine, or one schedule, goes through. */
export interface Timeline {
  /** Who: an instance's id, a schedule's name, a tag. */
  readonly id: string;
  /** At the beginning; absent where nothing tells. */
  readonly initial?: 'on' | 'off';
  readonly transitions: readonly Transition[];
}

/** Some days on the clocks of one zone, and what happens in them. */
export interface Period {
  readonly timezone: string;
  /** `2026-11-23T00:00:00Z`. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly timelines: readonly Timeline[];
}

export interface TimelineOptions {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly days: number;
  /** Default `edge`. */
  readonly mode?: ScheduleMode;
  /** Whose days and clocks; default the schedule's own. */
  readonly timezone?: string;
}

/** The days of one schedule; `initial` is what its last transition before left. */
export function periodOf(schedule: Schedule, options: TimelineOptions): Period {
  const { id, from, days, mode = 'edge', timezone = schedule.timezone } = options;
  const to = daysLater(from, days, timezone);
  const before = lastTransition(schedule, from - 1, mode);
  const initial: Timeline['initial'] = before && (before.action === 'start' ? 'on' : 'off');
  const happening = transitions(schedule, { from, to: to - 1, mode, timezone });
  const timeline = { id, ...(initial && { initial }), transitions: happening };
  return { timezone, from: instantText(from), to: instantText(to), timelines: [timeline] };
}

/** The same time of the day so many local days later. */
export function daysLater(instant: number, days: number, timezone: string): number {
  const zone = zoneOf(timezone);
  return momentOf(zone, instant + offsetAt(zone, instant) + days * DAY).at;
}

/** The midnight at which a local day begins. */
export function midnightBefore(instant: number, timezone: string): number {
  const zone = zoneOf(timezone);
  return momentOf(zone, localDay(zone, instant) * DAY).at;
}
