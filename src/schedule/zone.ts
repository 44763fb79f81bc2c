import { DAY } from './civil.ts';
import type { DstMark } from './types.ts';

/**
 * The clocks of one IANA zone. Node 20 has no Temporal, so the moments at which a zone's offset changes are searched for
 * with `Intl.DateTimeFormat` once and kept: after that a conversion is arithmetic.
 */
export interface Zone {
  readonly name: string;
  readonly format: Intl.DateTimeFormat | undefined;
  readonly spans: Map<number, readonly Span[]>;
}

/** A stretch of time with one offset, all in milliseconds. */
interface Span {
  readonly start: number;
  /** Not part of it. */
  readonly end: number;
  /** Local minus UTC. */
  readonly offset: number;
}

/** Offsets are looked up for so long at once. */
const STRETCH = 366 * DAY;
/** More than any offset (they lie between -16 and +16 hours, local mean times included). */
const WIDEST_OFFSET = 26 * 3_600_000;
const SECOND = 1_000;

const zones = new Map<string, Zone>();

/** @throws RangeError for a name that is no IANA zone. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  // Newer engines take bare offsets too; they know no daylight saving and no name.
  if (!/^[A-Za-z]/.test(name)) throw new RangeError(`Invalid time zone: ${name}`);
  const isUtc = /^(?:etc\/)?utc$/i.test(name);
  const zone = { name, format: isUtc ? undefined : formatOf(name), spans: new Map<number, readonly Span[]>() };
  zones.set(name, zone);
  return zone;
}

export function isZone(name: string): boolean {
  try {
    return zoneOf(name).name === name;
  } catch {
    return false;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

/** Local minus UTC at an instant, in milliseconds. */
export function offsetAt(zone: Zone, instant: number): number {
  return zone.format === undefined ? 0 : spanAt(zone, instant).offset;
}

/** The local date at an instant, as days since 1970-01-01. */
export function localDay(zone: Zone, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY);
}

export interface Moment {
  readonly at: number;
  readonly dst?: DstMark;
}

/**
 * When the clocks of a zone show a time: the first of two such moments, and the first moment after a gap that swallowed
 * it. @param wall milliseconds as if the local time were UTC.
 */
export function momentOf(zone: Zone, wall: number): Moment {
  if (zone.format === undefined) return { at: wall };
  let span = spanAt(zone, wall - WIDEST_OFFSET);
  // The last moment at which the clocks may show it; most of the time nothing changes before then.
  if (wall + WIDEST_OFFSET < span.end) return { at: wall - span.offset };
  while (wall - span.offset >= span.end) span = spanAt(zone, span.end);
  if (wall - span.offset < span.start) return { at: span.start, dst: 'gap' };
  const next = spanAt(zone, span.end);
  const isTwice = wall - next.offset >= next.start;
  return { at: wall - span.offset, ...(isTwice && { dst: 'overlap' as const }) };
}

function spanAt(zone: Zone, instant: number): Span {
  const stretch = Math.floor(instant / STRETCH);
  let spans = zone.spans.get(stretch);
  if (spans === undefined) {
    spans = findSpans(zone, stretch * STRETCH, (stretch + 1) * STRETCH);
    zone.spans.set(stretch, spans);
  }
  for (const span of spans) if (instant < span.end) return span;
  throw new RangeError(`no offset of ${zone.name} at ${instant}`);
}

/** No zone has changed its offset twice in one day and come back, so one look a day finds every change. */
function findSpans(zone: Zone, from: number, to: number): readonly Span[] {
  const spans: Span[] = [];
  let start = from;
  let offset = askOffset(zone, from);
  for (let day = from + DAY; day <= to; day += DAY) {
    const next = askOffset(zone, day);
    if (next === offset) continue;
    const end = changeBetween(zone, day - DAY, day, offset);
    if (end === to) break;
    spans.push({ start, end, offset });
    start = end;
    offset = next;
  }
  spans.push({ start, end: to, offset });
  return spans;
}

/** The first second with another offset than `before`. */
function changeBetween(zone: Zone, from: number, to: number, before: number): number {
  let low = from;
  let high = to;
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
    if (askOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** `instant` is a whole second. */
function askOffset({ format }: Zone, instant: number): number {
  if (format === undefined) return 0;
  const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(instant)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}
