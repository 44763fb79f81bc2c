import { DAY } from '../schedule/civil.ts';
import { count, plural } from './format.ts';
import { indent } from './layout.ts';
import type { Line, Style } from './style.ts';
import type { TimelineData } from './timelines.ts';
import { weekLines } from './week-text.ts';

/** Instances that are drawn; of the others the number is said. */
const SHOWN = 20;

/** The effect `schedule.timeline`: a line an instance, day beside day. */
export function timelinesLines({ instances, ...period }: TimelineData, style: Style): readonly Line[] {
  const days = Math.round((Date.parse(period.to) - Date.parse(period.from)) / DAY);
  const running = instances.filter(({ initial }) => initial === 'on').length;
  const head = `the next ${plural(days, 'day')}, ${period.timezone} (${plural(instances.length, 'instance')}, ${count(running)} running now)`;
  if (instances.length === 0) return [[indent(4), style.say(head)]];
  const left = instances.length - SHOWN;
  return [
    [indent(4), style.say(head)],
    ...weekLines({ ...period, timelines: instances.slice(0, SHOWN) }, style),
    ...(left > 0 ? [[indent(2), style.say(`…and ${plural(left, 'instance')} more`, 'dim')]] : []),
  ];
}
