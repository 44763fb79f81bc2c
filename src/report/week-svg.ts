import { DAY } from '../schedule/civil.ts';
import type { Period, Timeline } from '../schedule/timeline.ts';
import { offsetAt, zoneOf } from '../schedule/zone.ts';
import { localDays, spansOf } from './day-cells.ts';
import type { Day } from './day-cells.ts';
import { htmlText } from './markdown.ts';
import { dayName } from './week-text.ts';

/** Lengths in pixels. */
const LABEL = 76;
const HOUR = 24;
const ROW = 26;
const BAR = 14;
const HEAD = 64;
const NOTE = 150;
const TITLE_LENGTH = 90;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .dim { fill: #59636e; font-size: 11px }
  .id { font-weight: 600 }
  .off { fill: #d1d9e0 }
  .on { fill: #1a7f37 }
  .unknown { fill: none; stroke: #818b98; stroke-dasharray: 3 3 }
  .grid { stroke: #818b98; stroke-opacity: .35 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .dim { fill: #9198a1 }
    .off { fill: #3d444d }
    .on { fill: #3fb950 }
  }
`;

/**
 * Days of schedules as a drawing, a row a day: one file without scripts, fonts or links, readable on light and dark
 * grounds. Whoever cannot see it reads every transition in its description.
 */
export function weekSvg(period: Period): string {
  const days = localDays(period);
  const width = LABEL + 24 * HOUR + NOTE;
  const block = HEAD + days.length * ROW;
  const height = period.timelines.length * block + 24;
  const blocks = period.timelines.map((timeline, index) => drawTimeline(timeline, period, days, index * block));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${htmlText(titleOf(period))}</title>`,
    `<desc id="desc">${htmlText(describe(period))}</desc>`,
    `<style>${STYLE}</style>`,
    ...blocks,
    `<text class="dim" x="${LABEL}" y="${height - 8}">${htmlText(`clocks of ${period.timezone}; ${period.from} to ${period.to} in UTC; * the clocks change`)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function titleOf({ timelines, timezone }: Period): string {
  return `When ${timelines.map(({ id }) => short(id)).join(', ')} runs, by the clocks of ${timezone}`;
}

function describe({ timelines }: Period): string {
  return timelines
    .map(({ id, initial, transitions }) => {
      const events = transitions.map(({ action, local, at, dst }) => {
        return `${action} ${local} (${at}${dst === undefined ? '' : `, ${dst} of the clocks`})`;
      });
      return `${short(id)}: ${[initial === undefined ? 'unknown at first' : `${initial} at first`, ...events].join(', ')}.`;
    })
    .join(' ');
}

function short(id: string): string {
  const characters = Array.from(id);
  return characters.length <= TITLE_LENGTH ? id : `${characters.slice(0, TITLE_LENGTH).join('')}…`;
}

function drawTimeline(timeline: Timeline, period: Period, days: readonly Day[], top: number): string {
  const spans = spansOf(timeline, Date.parse(period.from), Date.parse(period.to));
  const bottom = top + HEAD + days.length * ROW - 8;
  const hours = [0, 6, 12, 18, 24].map((hour) => {
    const x = LABEL + hour * HOUR;
    const label = `<text class="dim" text-anchor="middle" x="${x}" y="${top + 46}">${String(hour).padStart(2, '0')}:00</text>`;
    return `${label}<path class="grid" d="M${x} ${top + 52}V${bottom}"/>`;
  });
  const rows = days.map((day, index) => {
    const y = top + HEAD + index * ROW;
    const name = `${dayName(day.day)}${day.isChange ? '*' : ''}`;
    const bars = spans.flatMap(({ start, end, state }) => {
      const [from, to] = [Math.max(start, day.start), Math.min(end, day.end)];
      if (to <= from) return [];
      const x = LABEL + xOf(from, day, period);
      // Up to the last moment of the span: what follows may be on other clocks.
      const wide = Math.max(LABEL + xOf(to - 1, day, period) - x, 0);
      return [
        `<rect class="${state}" x="${round(x)}" y="${y - BAR + 2}" width="${round(wide)}" height="${BAR}" rx="2"/>`,
      ];
    });
    const notes = timeline.transitions
      .filter(({ at }) => Date.parse(at) >= day.start && Date.parse(at) < day.end)
      .map(({ action, local, dst }) => `${action} ${local.slice(11)}${dst === undefined ? '' : '*'}`);
    const note = notes.length > 2 ? `${notes.length} changes` : notes.join(', ');
    return [
      `<text x="8" y="${y}">${htmlText(name)}</text>`,
      ...bars,
      `<text class="dim" x="${LABEL + 24 * HOUR + 10}" y="${y}">${htmlText(note)}</text>`,
    ].join('');
  });
  const id = `<text class="id" x="8" y="${top + 24}">${htmlText(short(timeline.id))}</text>`;
  return [id, ...hours, ...rows].join('\n');
}

/** By the clocks of the zone: an hour that is skipped has its place too, and one that comes twice has one. */
function xOf(instant: number, { day }: Day, { timezone }: Period): number {
  const wall = instant + offsetAt(zoneOf(timezone), instant);
  return Math.min(Math.max((wall - day * DAY) / DAY, 0), 1) * 24 * HOUR;
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
