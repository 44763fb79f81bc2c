import { DAY, instantText } from '../schedule/civil.ts';
import type { Period, Timeline } from '../schedule/timeline.ts';
import type { Transition } from '../schedule/types.ts';
import { cellsOf, localDays } from './day-cells.ts';
import type { Cell, Day } from './day-cells.ts';
import { foldName } from './fold.ts';
import { indent, paragraph } from './layout.ts';
import type { Line, Span, Style } from './style.ts';
import { padEnd } from './width.ts';

/** Cells of a day where a line is a day, and where a line is a machine. */
const HOURS = 24;
const THREE_HOURS = 8;
/** Days that stand side by side in 80 columns. */
const DAYS_ACROSS = 7;
/** Columns of the name of a machine at 80 columns; wider terminals give it more. */
const NAME_ROOM = 13;

const UNICODE: Readonly<Record<Cell, string>> = {
  off: '·',
  on: '█',
  'first-half': '▌',
  'second-half': '▐',
  part: '▒',
  unknown: '?',
  none: ' ',
};
const ASCII: Readonly<Record<Cell, string>> = {
  off: '.',
  on: '#',
  'first-half': '+',
  'second-half': '+',
  part: '+',
  unknown: '?',
  none: ' ',
};

const NOTES: Readonly<Record<NonNullable<Transition['dst']>, string>> = {
  gap: 'DST: the time is skipped, this is after it',
  overlap: 'DST: the time comes twice, this is first',
};
const SHORT_NOTES: typeof NOTES = { gap: 'that time is skipped', overlap: 'the first of two' };
const BECAUSE: Readonly<Record<NonNullable<Transition['because']>, string>> = {
  except: 'a date of except begins or ends',
  override: 'the override ends',
};

/** `Mon 23` of days since 1970-01-01. */
export function dayName(day: number): string {
  const date = new Date(day * DAY);
  return `${date.toUTCString().slice(0, 3)} ${String(date.getUTCDate()).padStart(2, '0')}`;
}

/** Which state a drawn character means. */
export function legend(style: Style): string {
  const { on, off } = style.unicode ? UNICODE : ASCII;
  return `${on} on  ${off} off`;
}

/** One timeline, a line a day: the bar, what happens on the clocks of the zone, and the same in UTC. */
export function dayLines(timeline: Timeline, period: Period, style: Style): readonly Line[] {
  const isUtc = period.timezone === 'UTC';
  const scale = `${padEnd('00', 6)}${padEnd('06', 6)}${padEnd('12', 6)}${padEnd('18', 6)}24`;
  return [
    [indent(11), { text: scale, tone: 'dim' }, indent(2), style.say(isUtc ? 'UTC' : period.timezone, 'dim')],
    ...localDays(period).flatMap((day) => {
      const found = timeline.transitions.filter(({ at }) => Date.parse(at) >= day.start && Date.parse(at) < day.end);
      const notes = found.flatMap((transition) => eventLines(transition, isUtc, style));
      const [first = [], ...others] = day.isChange ? [...notes, [style.say('the clocks change', 'dim')]] : notes;
      const name = style.say(`${dayName(day.day)}${day.isChange ? '*' : ' '}`);
      const bar = barOf(timeline, period, day, HOURS, style);
      return [
        [indent(2), name, indent(1), side('▕', style), ...bar, side('▏', style), indent(2), ...first],
        ...others.map((line): Line => [indent(38), ...line]),
      ];
    }),
  ];
}

function eventLines({ at, local, action, dst, because }: Transition, isUtc: boolean, style: Style): readonly Line[] {
  const [date = '', time = ''] = local.split(' ');
  const utc = instantText(Date.parse(at));
  const otherDay = utc.startsWith(date) ? '' : `${dayName(Date.parse(utc.slice(0, 10)) / DAY)} `;
  const inUtc = isUtc ? [] : [style.say(`   ${otherDay}${utc.slice(11, 16)} UTC`, 'dim')];
  const notes = [dst && NOTES[dst], because && BECAUSE[because]].filter((note) => note !== undefined);
  return [
    [style.say(padEnd(action, 6), action === 'start' ? 'add' : 'change'), style.say(time), ...inUtc],
    ...notes.map((note): Line => [style.say(note, 'dim')]),
  ];
}

/**
 * Several timelines, a line a machine and the days beside one another, in bands of a week; under them what the changes of
 * the clocks do, and when in UTC the days begin.
 */
export function weekLines(period: Period, style: Style): readonly Line[] {
  const room = NAME_ROOM + Math.max(style.width - 80, 0);
  const days = localDays(period);
  const bands = Array.from({ length: Math.ceil(days.length / DAYS_ACROSS) }, (_, index) =>
    days.slice(index * DAYS_ACROSS, (index + 1) * DAYS_ACROSS),
  );
  const rows = bands.flatMap((band): readonly Line[] => [
    [
      indent(room + 3),
      ...band.map((day) => style.say(padEnd(`${dayName(day.day)}${day.isChange ? '*' : ''}`, 9), 'dim')),
    ],
    ...period.timelines.map((timeline): Line => {
      const name = padEnd(foldName(timeline.id, room, style), room);
      const bars = band.flatMap((day) => [side('▕', style), ...barOf(timeline, period, day, THREE_HOURS, style)]);
      return [indent(2), { text: name }, ...bars, side('▏', style)];
    }),
  ]);
  const start = period.from.replace('T', ' ').slice(0, 16);
  const foot = `days of ${period.timezone} from ${start} UTC, 3 hours a mark: ${legend(style)}`;
  return [
    ...rows,
    ...paragraph(style, { lead: [indent(2)], hang: 2, text: style.text(foot), tone: 'dim' }),
    ...changeLines(period, days, style),
  ];
}

function changeLines({ timelines }: Period, days: readonly Day[], style: Style): readonly Line[] {
  if (!days.some(({ isChange }) => isChange)) return [];
  const marked = timelines.flatMap(({ id, transitions }) =>
    transitions.filter(({ dst }) => dst !== undefined).map((transition) => ({ id, ...transition })),
  );
  return [
    [indent(2), style.say('* the clocks change', 'dim')],
    ...marked.map(({ id, action, at, local, dst = 'gap' }): Line => {
      const what = `${action} ${local.slice(11)}, ${at.slice(11, 16)} UTC`;
      return [indent(4), { text: `${foldName(id, NAME_ROOM, style)}  ` }, style.say(`${what}  ${SHORT_NOTES[dst]}`)];
    }),
  ];
}

/** One span for each run of equal cells. */
function barOf(timeline: Timeline, period: Period, day: Day, count: number, style: Style): readonly Span[] {
  const characters = style.unicode ? UNICODE : ASCII;
  const spans: { text: string; tone: Span['tone'] }[] = [];
  for (const cell of cellsOf(timeline, period, day, count)) {
    const tone = cell === 'off' || cell === 'unknown' || cell === 'none' ? 'dim' : 'add';
    const last = spans.at(-1);
    if (last?.tone === tone) last.text += characters[cell];
    else spans.push({ text: characters[cell], tone });
  }
  return spans.map(({ text, tone = 'dim' }) => ({ text, tone }));
}

function side(character: '▕' | '▏', style: Style): Span {
  return { text: style.unicode ? character : '|', tone: 'dim' };
}
