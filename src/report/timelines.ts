import type { Effect } from '../engine/types.ts';
import { parseInstant } from '../schedule/civil.ts';
import type { Period, Timeline } from '../schedule/timeline.ts';
import { isZone } from '../schedule/zone.ts';

/** The data of the effect `schedule.timeline`: what happens to the instances of a document in the days to come. */
export interface TimelineData extends Pick<Period, 'from' | 'to'> {
  /** The tag in which schedules stand. */
  readonly tagKey: string;
  readonly instances: readonly InstanceTimeline[];
}

/** `initial` is the state that the instance is in; its transitions are those of its own schedule. */
export interface InstanceTimeline extends Timeline {
  readonly account: string;
  readonly region: string;
  /** Of its schedule. */
  readonly timezone: string;
  /** The tag's value once the plan is applied. */
  readonly schedule: string;
  /** The tag's value before, where apply changes it; null: none. */
  readonly before?: string | null;
  /** Why nothing happens to it whatever its tag says. */
  readonly idle?: string;
  /** What the first run after apply does to it. */
  readonly now: 'start' | 'stop' | 'none';
}

const TIMELINE_CODE = 'schedule.timeline';

export function timelinesOf({ code, data }: Effect): TimelineData | undefined {
  return code === TIMELINE_CODE && isTimelineData(data) ? data : undefined;
}

function isTimelineData(data: object): data is TimelineData {
  if (!('tagKey' in data && 'from' in data && 'to' in data && 'instances' in data)) return false;
  const { from, to, instances } = data;
  return isMoment(from) && isMoment(to) && isListOf(instances, isInstance);
}

function isInstance(value: object): boolean {
  if (!('id' in value && 'timezone' in value && 'transitions' in value)) return false;
  const { initial } = { initial: undefined, ...value };
  const isKnown = initial === undefined || initial === 'on' || initial === 'off';
  const hasZone = typeof value.timezone === 'string' && isZone(value.timezone);
  return typeof value.id === 'string' && isKnown && hasZone && isListOf(value.transitions, isTransition);
}

function isTransition(value: object): boolean {
  if (!('at' in value && 'local' in value && 'action' in value)) return false;
  const { dst } = { dst: undefined, ...value };
  const isMarked = dst === undefined || dst === 'gap' || dst === 'overlap';
  const isAction = value.action === 'start' || value.action === 'stop';
  return isMoment(value.at) && typeof value.local === 'string' && isAction && isMarked;
}

function isListOf(value: unknown, isItem: (item: object) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && isItem(item));
}

function isMoment(value: unknown): boolean {
  return typeof value === 'string' && parseInstant(value) !== undefined;
}
