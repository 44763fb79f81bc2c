import { MINUTE } from './civil.ts';
import { parseDeclared } from './declared.ts';
import { fault, shown } from './faults.ts';
import { isRecord } from './fields.ts';
import { judge } from './judge.ts';
import type { Reason, Situation } from './judge.ts';
import { asParsed } from './parsed.ts';
import { parseTag } from './tag.ts';
import { instantOf, toTransition } from './transitions.ts';
import type { Instant } from './transitions.ts';
import { INSTANCE_STATES } from './types.ts';
import type {
  DeclaredSchedule,
  InstanceState,
  Schedule,
  ScheduleAction,
  ScheduleFault,
  ScheduleFaults,
  ScheduleMode,
  Transition,
} from './types.ts';

/** What is asked about one machine: `tag` or `schedule`, the time, and what is known of the machine. */
export interface DecideRequest {
  /** In the compact grammar. */
  readonly tag?: string;
  /** As a document declares it, or read already, which is faster where one schedule is asked often. */
  readonly schedule?: DeclaredSchedule | Schedule;
  readonly now: Instant;
  /** Look-back of the edge mode, such as `12m`, or milliseconds; default 12 minutes, at most 31 days. */
  readonly window?: string | number;
  /** Default `edge`. */
  readonly mode?: ScheduleMode;
  readonly state: InstanceState;
  /** When it was started last: LaunchTime of DescribeInstances. */
  readonly launched?: Instant | null;
  /** When a person or the machine itself stopped it: the time in StateTransitionReason, `User initiated (… GMT)`. */
  readonly stopped?: Instant | null;
  /** What a start or stop by hand after the last transition means, default to leave it; `enforce`: desired mode only. */
  readonly respectManual?: 'until-next-transition' | 'enforce';
  /** The last start or stop is known to be our own; without it the times tell. */
  readonly changedByUs?: boolean;
}

export interface Decision {
  readonly action: ScheduleAction | 'none';
  /** Fixed words. */
  readonly reason: Reason;
  /** The transition that it goes back to. */
  readonly edge?: Transition;
  /** Why the request cannot be read; the action is `none`. */
  readonly error?: ScheduleFault;
}

/** The original's: a run every 10 minutes and 2 minutes more. */
const DEFAULT_WINDOW = 12 * MINUTE;
const MAX_WINDOW = 31 * 24 * 60 * MINUTE;

const WINDOW = /^([1-9][0-9]{0,6})([smhd])$/;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE };

/**
 * What to do with a machine now: a pure function, and the one that the deployed handler calls. It never throws for what it
 * is handed: whatever cannot be read is an `error`, and the machine is left alone.
 *
 * Edge mode: of the transitions from `now` (cut to the minute) minus `window` to `now`, both included, the last decides.
 * Desired mode: the last transition decides, however long ago it was (up to 400 days). In both a machine that somebody
 * started or stopped after that transition is left alone until the next one, as far as `launched` and `stopped` tell;
 * `enforce` and an override's state do not ask.
 */
export function decide(request: DecideRequest): Decision {
  const read = readRequest(request);
  if ('error' in read) return { action: 'none', reason: 'cannot be read', error: read.error };
  const { schedule, situation } = read;
  const { action, reason, edge } = judge(schedule, situation);
  return { action, reason, ...(edge && { edge: toTransition(edge, schedule.timezone) }) };
}

class RequestFault extends Error {
  override readonly name = 'RequestFault';
}

type ReadRequest = { readonly schedule: Schedule; readonly situation: Situation } | Pick<ScheduleFaults, 'error'>;

/** Everything that is foreign is read here and copied, so that nothing of it is met again later. */
function readRequest(request: DecideRequest): ReadRequest {
  try {
    if (!isRecord(request)) throw new RequestFault(`a request is an object, not ${shown(request)}`);
    const schedule = scheduleOf(request);
    if (schedule.error) return { error: schedule.error };
    return { schedule, situation: situationOf(request) };
  } catch (error) {
    // A getter or a proxy throws what it likes.
    const message = error instanceof RequestFault ? error.message : 'a field of the request cannot be read';
    return { error: fault('bad-request', message) };
  }
}

function scheduleOf({ tag, schedule }: DecideRequest): Schedule | ScheduleFaults {
  if ((tag === undefined) === (schedule === undefined))
    throw new RequestFault('name a tag or a schedule, one of the two');
  if (tag !== undefined) {
    if (typeof tag !== 'string') throw new RequestFault(`tag is text, not ${shown(tag)}`);
    return parseTag(tag);
  }
  return asParsed(schedule) ?? parseDeclared(schedule);
}

function situationOf(request: DecideRequest): Situation {
  const { state, mode = 'edge', respectManual = 'until-next-transition' } = request;
  if (!INSTANCE_STATES.includes(state)) throw unknownValue('state', state, INSTANCE_STATES);
  if (mode !== 'edge' && mode !== 'desired') throw unknownValue('mode', mode, ['edge', 'desired']);
  if (respectManual !== 'enforce' && respectManual !== 'until-next-transition') {
    throw unknownValue('respectManual', respectManual, ['until-next-transition', 'enforce']);
  }
  const launched = optionalTime('launched', request.launched);
  const stopped = optionalTime('stopped', request.stopped);
  return {
    now: timeOf('now', request.now),
    window: windowOf(request.window),
    mode,
    state,
    respectManual,
    ...(launched !== undefined && { launched }),
    ...(stopped !== undefined && { stopped }),
    ...(request.changedByUs === true && { changedByUs: true }),
  };
}

function unknownValue(field: string, value: unknown, known: readonly string[]): RequestFault {
  return new RequestFault(`${field} is one of ${known.join(', ')}, not ${shown(value)}`);
}

function optionalTime(field: string, value: Instant | null | undefined): number | undefined {
  return value === undefined || value === null ? undefined : timeOf(field, value);
}

function timeOf(field: string, value: unknown): number {
  const instant = instantOf(value);
  if (instant !== undefined) return instant;
  throw new RequestFault(`${field} is a time with a zone such as 2026-11-23T08:30:00Z, not ${shown(value)}`);
}

function windowOf(value: unknown = DEFAULT_WINDOW): number {
  const [, count, unit = ''] = (typeof value === 'string' && WINDOW.exec(value)) || [];
  const length = count === undefined ? value : Number(count) * (UNITS[unit] ?? Number.NaN);
  if (typeof length === 'number' && length >= 0 && length <= MAX_WINDOW) return length;
  throw new RequestFault(`window is a duration such as 12m, at most 31d, not ${shown(value)}`);
}
