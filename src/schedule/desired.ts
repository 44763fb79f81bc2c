import { DAY } from './civil.ts';
import { edgesIn } from './edges.ts';
import type { Edge, Interval } from './edges.ts';
import type { Schedule, ScheduleAction, ScheduleMode } from './types.ts';
import { localDay, momentOf, zoneOf } from './zone.ts';

/**
 * What a schedule wants at an instant. In desired mode three things speak, the first that does decides:
 * 1. an override that is not over: its state. When it ends, what the last edge said counts again;
 * 2. a date of `except`: off, all of the local day. When it ends, the last edge counts again;
 * 3. the last edge.
 * In edge mode the ends of overrides and dates do nothing: only edges do.
 */
export interface Wish {
  readonly action: ScheduleAction;
  readonly by: 'edge' | 'except' | 'override';
  /** Since when: what last changed it, or said it again. Undefined: since an override was merged. */
  readonly since: Edge | undefined;
}

/** How far the last edge is searched for, in steps: yesterday, a week, a month; the nth weekday may be a year ago. */
const LOOK_BACK: readonly number[] = [2 * DAY, 9 * DAY, 40 * DAY, 400 * DAY];

/** For how long a result is kept where nothing happens. */
const LOOK_AHEAD = 9 * DAY;

/** Undefined: nothing has been said for 400 days. */
export function wishAt(schedule: Schedule, instant: number): Wish | undefined {
  const order = orderAt(schedule, instant);
  if (order?.by === 'override') return { ...order, since: undefined };
  const since = remembered(schedule, instant);
  if (order) return { ...order, since };
  return since && { action: since.action, by: 'edge', since };
}

/** Everything that happens between two instants, both included, by time. */
export function transitionsOf(schedule: Schedule, interval: Interval, mode: ScheduleMode): readonly Edge[] {
  if (schedule.disabled) return [];
  const { edges } = edgesIn(schedule, interval);
  if (mode === 'edge' || (schedule.except.length === 0 && schedule.override === undefined)) return edges;
  const turns = boundaries(schedule, interval).flatMap((boundary): readonly Edge[] => {
    if (edges.some(({ at }) => at === boundary.at)) return [];
    const action = wantedAt(schedule, boundary.at);
    const isTurn = action !== undefined && action !== wantedAt(schedule, boundary.at - 1);
    return isTurn ? [{ ...boundary, action }] : [];
  });
  return [...edges, ...turns].sort((left, right) => left.at - right.at);
}

/** What happened last, up to an instant; undefined: nothing for 400 days. */
export function lastTransition(schedule: Schedule, instant: number, mode: ScheduleMode): Edge | undefined {
  return lastBefore(instant, (interval) => transitionsOf(schedule, interval, mode));
}

/** What the last search found, and for which instants it holds: a handler asks one schedule for machine after machine. */
interface Memory {
  readonly last: Edge | undefined;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

const memories = new WeakMap<Schedule, Memory>();

function remembered(schedule: Schedule, instant: number): Edge | undefined {
  const memory = memories.get(schedule);
  if (memory && instant >= memory.from && instant < memory.to) return memory.last;
  const last = lastTransition(schedule, instant, 'desired');
  const ahead = instant + LOOK_AHEAD;
  const [next] = transitionsOf(schedule, { from: instant + 1, to: ahead }, 'desired');
  memories.set(schedule, { last, from: last?.at ?? instant, to: next?.at ?? ahead + 1 });
  return last;
}

/** The last of what a look finds, up to an instant. */
function lastBefore(instant: number, look: (interval: Interval) => readonly Edge[]): Edge | undefined {
  let to = instant;
  for (const length of LOOK_BACK) {
    const last = look({ from: instant - length, to }).at(-1);
    if (last) return last;
    to = instant - length - 1;
  }
  return undefined;
}

/** What an override or a date of `except` says, whatever the edges were. */
function orderAt({ override, except, timezone }: Schedule, instant: number): Pick<Wish, 'action' | 'by'> | undefined {
  if (override && instant < override.until) {
    return { action: override.state === 'on' ? 'start' : 'stop', by: 'override' };
  }
  const isExcept = except.length > 0 && except.includes(localDay(zoneOf(timezone), instant));
  return isExcept ? { action: 'stop', by: 'except' } : undefined;
}

function wantedAt(schedule: Schedule, instant: number): ScheduleAction | undefined {
  const order = orderAt(schedule, instant);
  if (order) return order.action;
  const bare = withoutOverride(schedule);
  return lastBefore(instant, (interval) => edgesIn(bare, interval).edges)?.action;
}

function withoutOverride(schedule: Schedule): Schedule {
  if (schedule.override === undefined) return schedule;
  const { override: _override, ...bare } = schedule;
  return bare;
}

/** Where dates of `except` and the override begin or end, each moment once. */
function boundaries({ except, override, timezone }: Schedule, { from, to }: Interval): readonly Omit<Edge, 'action'>[] {
  const zone = zoneOf(timezone);
  const first = localDay(zone, from) - 1;
  const last = localDay(zone, to) + 1;
  const midnights = except.filter((day) => day >= first && day <= last).flatMap((day) => [day, day + 1]);
  const found = [...new Set(midnights)].map((day): Omit<Edge, 'action'> => ({
    ...momentOf(zone, day * DAY),
    because: 'except',
  }));
  if (override && !found.some(({ at }) => at === override.until))
    found.push({ at: override.until, because: 'override' });
  return found.filter(({ at }) => at >= from && at <= to);
}
