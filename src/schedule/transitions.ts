import { instantText, isInstant, parseInstant, wallText } from './civil.ts';
import { transitionsOf } from './desired.ts';
import type { Edge } from './edges.ts';
import { shown } from './faults.ts';
import type { Schedule, ScheduleMode, Transition } from './types.ts';
import { offsetAt, zoneOf } from './zone.ts';

/** Milliseconds since the epoch, or ISO 8601 with a zone. */
export type Instant = number | string | Date;

export interface TransitionsOptions {
  /** Included. */
  readonly from: Instant;
  /** Included. */
  readonly to: Instant;
  /** Default `edge`. */
  readonly mode?: ScheduleMode;
  /** Whose clocks `local` shows; default the schedule's own. */
  readonly timezone?: string;
}

/**
 * All that a schedule does between two instants, by time: what `decide` acts on, run often enough. Starts on dates of
 * `except`, what an override holds back until its end, and a start and a stop at one moment are no transitions. A disabled
 * schedule has none.
 *
 * In `edge` mode these are edges and nothing else: the end of an override does nothing by itself. In `desired` mode dates
 * of `except` are off from midnight to midnight, and when they or an override end, the state goes back to what the last
 * edge said.
 *
 * @throws RangeError for an instant that cannot be read, or a time zone that is none.
 */
export function transitions(schedule: Schedule, options: TransitionsOptions): readonly Transition[] {
  const interval = { from: millisecondsOf(options.from), to: millisecondsOf(options.to) };
  const zone = options.timezone ?? schedule.timezone;
  return transitionsOf(schedule, interval, options.mode ?? 'edge').map((edge) => toTransition(edge, zone));
}

/** @throws RangeError for anything that is no instant. */
export function millisecondsOf(instant: Instant): number {
  const value = instantOf(instant);
  if (value === undefined) throw new RangeError(`no instant: ${shown(instant)}`);
  return value;
}

/** Milliseconds since the epoch; undefined for anything that is no `Instant`. */
export function instantOf(instant: unknown): number | undefined {
  if (typeof instant === 'string') return parseInstant(instant);
  const value = instant instanceof Date ? instant.valueOf() : instant;
  return typeof value === 'number' && isInstant(value) ? value : undefined;
}

export function toTransition({ at, action, dst, because }: Edge, timezone: string): Transition {
  return {
    at: instantText(at),
    local: wallText(at + offsetAt(zoneOf(timezone), at)),
    action,
    ...(dst && { dst }),
    ...(because && { because }),
  };
}
