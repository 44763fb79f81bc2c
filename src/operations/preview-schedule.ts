import { midnightBefore, periodOf } from '../schedule/timeline.ts';
import type { Period } from '../schedule/timeline.ts';
import type { Schedule, ScheduleMode, Transition } from '../schedule/types.ts';

/** What is previewed: a schedule that was read already, from a tag or from a document. */
export interface PreviewScheduleOptions {
  /** The tag, or the schedule's name. */
  readonly id: string;
  /** Milliseconds since the epoch; with `isDate` the local date that holds it. */
  readonly from: number;
  readonly isDate: boolean;
  readonly days: number;
  readonly mode?: ScheduleMode;
  /** Whose days and clocks are shown; default the schedule's own. */
  readonly timezone?: string;
}

/** `trueup/preview@1`. */
export interface SchedulePreview {
  readonly format: 'trueup/preview@1';
  /** The tag, or the schedule's name. */
  readonly schedule: string;
  /** Whose clocks `local` shows. */
  readonly timezone: string;
  readonly from: string;
  /** Not included. */
  readonly to: string;
  /** Switched off by its owner: nothing happens. */
  readonly disabled: boolean;
  /** The state at the beginning; null where nothing tells. */
  readonly initial: 'on' | 'off' | null;
  readonly transitions: readonly Transition[];
}

/** What a schedule will do, without AWS: the same code that the deployed handler asks. */
export function previewSchedule(
  schedule: Schedule,
  options: PreviewScheduleOptions,
): { readonly preview: SchedulePreview; readonly period: Period } {
  const { id, days, mode, timezone = schedule.timezone } = options;
  const from = options.isDate ? midnightBefore(options.from, timezone) : options.from;
  const period = periodOf(schedule, { id, from, days, timezone, ...(mode && { mode }) });
  const [timeline] = period.timelines;
  const preview: SchedulePreview = {
    format: 'trueup/preview@1',
    schedule: id,
    timezone,
    from: period.from,
    to: period.to,
    disabled: schedule.disabled,
    initial: timeline?.initial ?? null,
    transitions: timeline?.transitions ?? [],
  };
  return { preview, period };
}
