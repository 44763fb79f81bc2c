/** What a schedule does to a machine. */
export type ScheduleAction = 'start' | 'stop';

/**
 * `edge`: act on the transitions inside the window, and on nothing else. `desired`: act whenever the state differs from
 * what the last transition said, which heals missed runs.
 */
export type ScheduleMode = 'edge' | 'desired';

/** A local time that does not exist fires after the `gap`; one that happens twice (`overlap`) fires at the first. */
export type DstMark = 'gap' | 'overlap';

/** The only states of EC2 (InstanceState.Name). Only `stopped` can be started and only `running` be stopped. */
export const INSTANCE_STATES = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** The nth weekday of a month. */
export interface NthWeekday {
  /** 1 to 5; a month without a fifth has none. */
  readonly nth: 1 | 2 | 3 | 4 | 5 | 'last';
  /** 0 (Sunday) to 6. */
  readonly weekday: number;
}

/** On which local dates; a date counts if either says so. */
export interface Days {
  /** Bit n stands for weekday n, 0 (Sunday) to 6. */
  readonly weekdays: number;
  readonly nth: readonly NthWeekday[];
}

/** One action at one local time of some days. */
export interface Rule {
  readonly action: ScheduleAction;
  readonly days: Days;
  /** Minutes since local midnight. */
  readonly minute: number;
  /** It falls on the day after those days: the end of a period over midnight. */
  readonly nextDay: boolean;
}

/** Until then one state holds, whatever the edges say. */
export interface Override {
  /** Milliseconds since the epoch; at this moment the override is over. */
  readonly until: number;
  readonly state: 'on' | 'off';
  readonly reason: string;
}

/** A schedule as `parseTag` and `parseDeclared` read it: plain data. */
export interface Schedule {
  /** IANA name; a tag of the compact grammar has `UTC`. */
  readonly timezone: string;
  readonly rules: readonly Rule[];
  /** Local dates without starts, as days since 1970-01-01. */
  readonly except: readonly number[];
  readonly override?: Override;
  /** The owner has switched his tag off: nothing happens. */
  readonly disabled: boolean;
  readonly error?: undefined;
}

/** Kebab-case, stable: for logs, metrics and the error tag, none of which may carry an owner's text. */
export type ScheduleFaultCode =
  | 'too-long'
  | 'too-few-parts'
  | 'too-many-parts'
  | 'unknown-day'
  | 'bad-time'
  | 'missing-time'
  | 'no-days'
  | 'unknown-word'
  | 'unknown-timezone'
  | 'bad-date'
  | 'bad-override'
  | 'bad-shape'
  | 'bad-request';

/** Why a schedule cannot be read. */
export interface ScheduleFault {
  readonly code: ScheduleFaultCode;
  /** A sentence that quotes the token. */
  readonly message: string;
  /** 1-based, of the token in the tag or in the value at `path`. */
  readonly column: number;
  /** Where in a declared schedule, as a JSON pointer: `/periods/0/days`. Empty for a tag. */
  readonly path: string;
}

/** `errors` has at least one; `error` is the first of them. */
export interface ScheduleFaults {
  readonly error: ScheduleFault;
  readonly errors: readonly ScheduleFault[];
}

/** A schedule as the document declares it: `spec.schedules.NAME`. */
export interface DeclaredSchedule {
  /** IANA; default UTC. */
  readonly timezone?: string;
  readonly periods: readonly DeclaredPeriod[];
  /** Local dates, `2026-12-25`. */
  readonly except?: readonly string[];
  readonly override?: DeclaredOverride;
}

/** `off` not after `on` means the following day. One of the two may be absent. */
export interface DeclaredPeriod {
  /** Comma list of `mon`, `mon-fri` (`fri-mon` goes over the weekend), `1st sat` and `last fri`. */
  readonly days: string;
  /** `08:30`. */
  readonly on?: string;
  readonly off?: string;
}

export interface DeclaredOverride {
  /** ISO 8601 with a zone: `2026-12-01T00:00Z`. */
  readonly until: string;
  readonly state: 'on' | 'off';
  readonly reason?: string;
}

/** One thing that happens, as plain data. */
export interface Transition {
  /** `2026-03-29T01:00:00Z`. */
  readonly at: string;
  /** The same on the clocks of the schedule's zone: `2026-03-29 02:00`. */
  readonly local: string;
  readonly action: ScheduleAction;
  readonly dst?: DstMark;
  /** Desired mode only: no edge, but a date of `except` that begins or ends, or the end of an override. */
  readonly because?: 'except' | 'override';
}
