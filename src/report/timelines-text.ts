import { DAY, instantText } from '../schedule/civil.ts';
import { midnightBefore } from '../schedule/timeline.ts';
import { foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import { sidesLines } from './pair.ts';
import type { Line, Style } from './style.ts';
import type { InstanceTimeline, TimelineData } from './timelines.ts';
import { weekLines } from './week-text.ts';

/** Instances that are drawn, changes of tags that are told, and names in a sentence; of the others the number is said. */
const DRAWN = 20;
const TOLD = 5;
const NAMED = 5;
/** Instances that are named because they are stopped: a reviewer wants to see them all. */
const NAMED_STOPS = 50;
/** Times of the day that stand in both clocks. */
const TIMES = 6;
const INDENT = 4;
const VALUE_ROOM = 26;

/** The effect `schedule.timeline`: tags that change, what happens by day and zone, and what stops soon. */
export function timelinesLines(data: TimelineData, style: Style): readonly Line[] {
  const { instances } = data;
  if (instances.length === 0) {
    const text = `no instance has the tag ${style.text(data.tagKey)}`;
    return paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text });
  }
  const active = instances.filter(({ idle }) => idle === undefined);
  const zones = [...new Set(active.map(({ timezone }) => timezone))].sort();
  return [
    ...tagLines(data, style),
    ...zones.flatMap((zone) => zoneLines(data, zone, style)),
    ...idleLines(instances, style),
    ...stopLines(data, active, style),
  ];
}

function tagLines(data: TimelineData, style: Style): readonly Line[] {
  const changes = changedTags(data);
  if (changes.length === 0) return [];
  const left = changes.length - TOLD;
  return [
    [indent(INDENT), style.say(`tag ${data.tagKey}`)],
    ...changes.slice(0, TOLD).map(({ id, before, schedule }): Line => {
      const isNew = before === null || before === undefined;
      const value = (text: string): string => foldName(text, VALUE_ROOM, style);
      const moved = isNew ? value(schedule) : `${value(before)}${style.text(' → ')}${value(schedule)}`;
      const mark = isNew ? style.say('+ ', 'add') : style.say('~ ', 'change');
      return [indent(INDENT + 2), mark, { text: `${style.name(id)}   ${moved}` }];
    }),
    ...(left > 0 ? [[indent(INDENT + 2), style.say(`…and ${plural(left, 'instance')} more`, 'dim')]] : []),
  ];
}

/** Tags that are not as assigned, an instance a line: what is wanted, what was found. */
export function driftedTagLines(data: TimelineData, style: Style): readonly Line[] {
  const changes = changedTags(data);
  const left = changes.length - TOLD;
  return [
    ...changes.slice(0, TOLD).flatMap(({ id, before, schedule }) => {
      const front = [indent(INDENT), style.say(`tag ${data.tagKey}  `), { text: `${style.name(id)}   ` }];
      return sidesLines(front, ['wanted', 'found'], [schedule, before ?? '(none)'], style);
    }),
    ...(left > 0 ? [[indent(INDENT), style.say(`…and ${plural(left, 'instance')} more`, 'dim')]] : []),
  ];
}

/** Instances whose tag an apply would change. */
export function changedTags({ instances }: TimelineData): readonly InstanceTimeline[] {
  return instances.filter(({ before }) => before !== undefined);
}

function zoneLines(data: TimelineData, timezone: string, style: Style): readonly Line[] {
  const { from, to } = data;
  const all = data.instances.filter((one) => one.idle === undefined && one.timezone === timezone);
  // Seven columns: what is left of the last day stands in JSON.
  const end = instantText(midnightBefore(Date.parse(to), timezone));
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY);
  const isOn = all.filter(({ initial }) => initial === 'on').length;
  const head = `the next ${plural(days, 'day')}, ${timezone} (${plural(all.length, 'instance')}, ${count(isOn)} running now)`;
  const left = all.length - DRAWN;
  return [
    [indent(INDENT), style.say(head)],
    ...weekLines({ timezone, from, to: end, timelines: all.slice(0, DRAWN) }, style),
    ...timeLines(all, style),
    ...(left > 0 ? [[indent(2), style.say(`…and ${plural(left, 'instance')} more`, 'dim')]] : []),
  ];
}

/** When they start and stop, on both clocks: `start 08:30 (08:30 UTC), stop 18:00 (18:00 UTC)`. */
function timeLines(instances: readonly InstanceTimeline[], style: Style): readonly Line[] {
  const times = new Set(
    instances.flatMap(({ timezone, transitions }) =>
      timezone === 'UTC'
        ? []
        : transitions.map(({ action, local, at }) => `${action} ${local.slice(11)} (${at.slice(11, 16)} UTC)`),
    ),
  );
  if (times.size === 0) return [];
  const left = times.size - TIMES;
  const byClock = [...times].sort((a, b) => (clockOf(a) < clockOf(b) ? -1 : 1));
  const text = `${byClock.slice(0, TIMES).join(', ')}${left > 0 ? `, and ${count(left)} more` : ''}`;
  return paragraph(style, { lead: [indent(2)], hang: 2, text: style.text(text), tone: 'dim' });
}

/** `08:30` of `start 08:30 (08:30 UTC)`. */
function clockOf(text: string): string {
  return text.slice(text.indexOf(' '));
}

function idleLines(instances: readonly InstanceTimeline[], style: Style): readonly Line[] {
  const reasons = [...new Set(instances.flatMap(({ idle }) => idle ?? []))].sort();
  return reasons.flatMap((reason) => {
    const same = instances.filter(({ idle }) => idle === reason);
    const text = `${style.text(reason)}: ${namesOf(same, style)}`;
    return paragraph(style, { lead: [indent(INDENT), style.say('= ', 'dim')], hang: INDENT + 2, text, tone: 'dim' });
  });
}

/** What a reader has to know who does not look at bars: what is stopped at once, and within a day. */
function stopLines(data: TimelineData, active: readonly InstanceTimeline[], style: Style): readonly Line[] {
  const texts = stopTexts(data, active).map(([head, list]) => `${head}: ${namesOf(list, style, NAMED_STOPS)}`);
  return texts.flatMap((text) =>
    paragraph(style, { lead: [indent(INDENT), style.say('! ', 'change')], hang: INDENT + 2, text }),
  );
}

/** `the first run stops 2 running instances` and `stops 2 running instances at Tue 24 18:00 Europe/London`. */
export function stopTexts(
  { from }: Pick<TimelineData, 'from'>,
  active: readonly InstanceTimeline[],
): readonly (readonly [head: string, instances: readonly InstanceTimeline[]])[] {
  const atOnce = active.filter(({ now }) => now === 'stop');
  const later = new Map<string, InstanceTimeline[]>();
  for (const one of active) {
    const next = one.transitions.find(({ action }) => action === 'stop');
    if (one.initial !== 'on' || one.now === 'stop' || !next) continue;
    if (Date.parse(next.at) > Date.parse(from) + DAY) continue;
    const [day = '', time = ''] = next.local.split(' ');
    const zone = one.timezone === 'UTC' ? 'UTC' : `${one.timezone} (${next.at.slice(11, 16)} UTC)`;
    const when = `${day} ${time} ${zone}`;
    later.set(when, [...(later.get(when) ?? []), one]);
  }
  return [
    ...(atOnce.length > 0 ? [[`the first run after apply stops ${running(atOnce.length)}`, atOnce] as const] : []),
    ...[...later]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([when, list]) => [`stops ${running(list.length)} at ${when}`, list] as const),
  ];
}

function running(number: number): string {
  return plural(number, 'running instance');
}

function namesOf(instances: readonly InstanceTimeline[], style: Style, most = NAMED): string {
  const names = instances.slice(0, most).map(({ id }) => style.name(id));
  const left = instances.length - most;
  return `${names.join(', ')}${left > 0 ? ` and ${count(left)} more` : ''}`;
}
