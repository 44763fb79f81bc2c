import type { Effect } from '../engine/types.ts';
import { parseInstant } from '../schedule/civil.ts';
import type { Period, Timeline } from '../schedule/timeline.ts';
import { isZone } from '../schedule/zone.ts';

/** The data of the effect `schedule.timeline`: what happens to the instances of a document in the days to come. */
export interface TimelineData extends Omit<Period, 'timelines'> {
  readonly instances: readonly InstanceTimeline[];
}

/** `initial` is the state that the instance is in; its transitions are those of its own schedule. */
interface InstanceTimeline extends Timeline {
  readonly account: string;
  readonly region: string;
}

const TIMELINE_CODE = 'schedule.timeline';

export function timelinesOf({ code, data }: Effect): TimelineData | undefined {
  return code === TIMELINE_CODE && isTimelineData(data) ? data : undefined;
}

function isTimelineData(data: object): data is TimelineData {
  if (!('timezone' in data && 'from' in data && 'to' in data && 'instances' in data)) return false;
  const { timezone, from, to, instances } = data;
  const hasTimes = isMoment(from) && isMoment(to);
  return typeof timezone === 'string' && isZone(timezone) && hasTimes && isListOf(instances, isInstance);
}

function isInstance(value: object): boolean {
  if (!('id' in value && 'transitions' in value)) return false;
  const { initial } = { initial: undefined, ...value };
  const isKnown = initial === undefined || initial === 'on' || initial === 'off';
  return typeof value.id === 'string' && isKnown && isListOf(value.transitions, isTransition);
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
