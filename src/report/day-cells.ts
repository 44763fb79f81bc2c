import { DAY } from '../schedule/civil.ts';
import type { Period, Timeline } from '../schedule/timeline.ts';
import { localDay, momentOf, offsetAt, zoneOf } from '../schedule/zone.ts';

/** How much of a piece of a day a machine runs, by halves; `none`: the clocks skip it, or it is outside the period. */
export type Cell = 'off' | 'on' | 'first-half' | 'second-half' | 'part' | 'unknown' | 'none';

/** One local day of a timeline. */
export interface Day {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly start: number;
  /** Not included. */
  readonly end: number;
  /** The clocks change on it. */
  readonly isChange: boolean;
}

/** The local days that a period touches. */
export function localDays({ timezone, from, to }: Period): readonly Day[] {
  const zone = zoneOf(timezone);
  const first = localDay(zone, Date.parse(from));
  const last = localDay(zone, Date.parse(to) - 1);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => {
    const day = first + index;
    const start = momentOf(zone, day * DAY).at;
    const end = momentOf(zone, (day + 1) * DAY).at;
    return { day, start, end, isChange: offsetAt(zone, start) !== offsetAt(zone, end) };
  });
}

/** A day cut into cells of one length on the clocks: an hour that comes twice is one cell of two hours. */
export function cellsOf(timeline: Timeline, { timezone, from, to }: Period, day: Day, count: number): readonly Cell[] {
  const zone = zoneOf(timezone);
  const spans = spansOf(timeline, Date.parse(from), Date.parse(to));
  const edge = (index: number): number => momentOf(zone, day.day * DAY + Math.round((index / count) * DAY)).at;
  return Array.from({ length: count }, (_, index) => cellOf(spans, edge(index), edge(index + 1)));
}

/** A stretch of one state. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly state: 'on' | 'off' | 'unknown';
}

/** A timeline as stretches without holes. */
export function spansOf({ initial, transitions }: Timeline, from: number, to: number): readonly Span[] {
  const spans: Span[] = [];
  let start = from;
  let state: Span['state'] = initial ?? 'unknown';
  for (const { at, action } of transitions) {
    const moment = Date.parse(at);
    if (moment >= to) break;
    if (moment > start) spans.push({ start, end: moment, state });
    start = Math.max(moment, from);
    state = action === 'start' ? 'on' : 'off';
  }
  return to > start ? [...spans, { start, end: to, state }] : spans;
}

function cellOf(spans: readonly Span[], start: number, end: number): Cell {
  const inside = spans.filter((span) => span.start < end && span.end > start);
  if (end <= start || inside.length === 0) return 'none';
  if (inside.some(({ state }) => state === 'unknown')) return 'unknown';
  const middle = (start + end) / 2;
  const first = shareOf(inside, start, middle);
  const second = shareOf(inside, middle, end);
  if (first === 0 && second === 0) return 'off';
  if (first >= 0.5 && second >= 0.5) return 'on';
  if (first >= 0.5) return 'first-half';
  return second >= 0.5 ? 'second-half' : 'part';
}

/** How much of a stretch is on, 0 to 1. */
function shareOf(spans: readonly Span[], start: number, end: number): number {
  const on = spans
    .filter(({ state }) => state === 'on')
    .reduce((sum, span) => sum + Math.max(Math.min(span.end, end) - Math.max(span.start, start), 0), 0);
  return on / (end - start);
}
