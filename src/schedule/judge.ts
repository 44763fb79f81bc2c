import { MINUTE } from './civil.ts';
import { wishAt } from './desired.ts';
import type { Wish } from './desired.ts';
import { edgesIn } from './edges.ts';
import type { Edge, Edges } from './edges.ts';
import type { InstanceState, Schedule, ScheduleAction, ScheduleMode } from './types.ts';

/** Fixed words, for logs, metrics and people. */
export type Reason =
  | 'start due'
  | 'stop due'
  | 'nothing due'
  | 'start and stop at the same time'
  | 'start suppressed by except'
  | 'start suppressed by override'
  | 'stop suppressed by override'
  | 'should be running'
  | 'should be stopped'
  | 'except: off all day'
  | 'override: on'
  | 'override: off'
  | 'no transition yet'
  | 'disabled'
  | 'already running'
  | 'already stopped'
  | 'started by hand'
  | 'stopped by hand'
  | `state ${InstanceState}`
  | 'cannot be read';

/** All that a decision depends on. Times in milliseconds since the epoch. */
export interface Situation {
  readonly now: number;
  /** Look-back of the edge mode, in milliseconds. */
  readonly window: number;
  readonly mode: ScheduleMode;
  readonly state: InstanceState;
  /** When it was started last: LaunchTime of DescribeInstances. */
  readonly launched?: number;
  /** When a person or the machine itself stopped it: the time in StateTransitionReason, `User initiated (… GMT)`. */
  readonly stopped?: number;
  /** What a start or stop by hand after the last transition means. `enforce` is for the desired mode. */
  readonly respectManual?: 'until-next-transition' | 'enforce';
  /** The last start or stop is known to be our own; without it the times tell. */
  readonly changedByUs?: boolean;
}

export interface Verdict {
  readonly action: ScheduleAction | 'none';
  readonly reason: Reason;
  /** What it goes back to. */
  readonly edge?: Edge;
}

/**
 * How late a call may come that a run decided. A start of ours for one edge may so land after the next edge, which must not
 * take it for somebody's. No longer than that: what a person does soon after an edge would be taken for ours.
 */
const LATENESS = 2 * MINUTE;

/**
 * What to do with a machine now. In edge mode the last transition inside the window, both ends included, decides; seconds
 * of `now` do not count. In desired mode what the schedule wants at `now` does.
 */
export function judge(schedule: Schedule, situation: Situation): Verdict {
  if (schedule.disabled) return { action: 'none', reason: 'disabled' };
  return situation.mode === 'edge' ? judgeEdges(schedule, situation) : judgeState(schedule, situation);
}

function judgeEdges(schedule: Schedule, situation: Situation): Verdict {
  const to = Math.floor(situation.now / MINUTE) * MINUTE;
  const found = edgesIn(schedule, { from: to - situation.window, to });
  const edge = found.edges.at(-1);
  if (edge === undefined) return { action: 'none', reason: nothingDue(found) };
  const verdict = act(edge.action, situation, edge.action === 'start' ? 'start due' : 'stop due', edge);
  if (verdict.action === 'none' || !isByHand(schedule, situation, edge)) return verdict;
  return { action: 'none', reason: byHand(edge.action), edge };
}

function nothingDue({ suppressed }: Edges): Reason {
  const last = suppressed.at(-1);
  if (last === undefined) return 'nothing due';
  if (last.by === 'clash') return 'start and stop at the same time';
  if (last.by === 'except') return 'start suppressed by except';
  return `${last.action} suppressed by override`;
}

function judgeState(schedule: Schedule, situation: Situation): Verdict {
  const wish = wishAt(schedule, situation.now);
  if (wish === undefined) return { action: 'none', reason: 'no transition yet' };
  const { action, since } = wish;
  const verdict = act(action, situation, wanted(wish), since);
  if (verdict.action === 'none' || since === undefined || situation.respectManual === 'enforce') return verdict;
  return isByHand(schedule, situation, since) ? { action: 'none', reason: byHand(action), edge: since } : verdict;
}

function wanted({ action, by }: Wish): Reason {
  if (by === 'override') return action === 'start' ? 'override: on' : 'override: off';
  if (by === 'except') return 'except: off all day';
  return action === 'start' ? 'should be running' : 'should be stopped';
}

function act(action: ScheduleAction, { state }: Situation, reason: Reason, edge: Edge | undefined): Verdict {
  const because = edge && { edge };
  if (state === (action === 'start' ? 'stopped' : 'running')) return { action, reason, ...because };
  if (state === 'running' || state === 'stopped') return { action: 'none', reason: `already ${state}`, ...because };
  return { action: 'none', reason: `state ${state}`, ...because };
}

function byHand(action: ScheduleAction): Reason {
  return action === 'start' ? 'stopped by hand' : 'started by hand';
}

/**
 * Has somebody started or stopped the machine since an edge that wanted the contrary? A change soon after it is taken for
 * the late call of a run that acted on the edge before, if that one lies within the window.
 */
function isByHand(schedule: Schedule, situation: Situation, edge: Edge): boolean {
  const { launched, stopped, window, changedByUs } = situation;
  const changed = edge.action === 'start' ? stopped : launched;
  if (changed === undefined || changed <= edge.at || changedByUs === true) return false;
  if (changed > edge.at + LATENESS) return true;
  const { edges } = edgesIn(schedule, { from: edge.at - window, to: edge.at - 1 });
  return edges.at(-1)?.action !== (edge.action === 'start' ? 'stop' : 'start');
}
