/**
 * Who is at risk when, for one set of subjects. A subject is at risk at every time of an event up to its own time, so that
 * subjects between two event times are alike: they form a block. Block b begins with the subjects whose event is at its
 * time; after them come those who are censored then or later, up to the next event time. Subjects who are censored before
 * the first event are at risk at none and stand before the first block.
 */
export interface Layout {
  /** Subjects, and events among them. */
  n: number;
  events: number;
  /** Index of each subject, by block. */
  readonly order: Uint32Array;
  blocks: number;
  /** Where block b begins in `order`; at `blocks` where the last one ends. */
  readonly start: Uint32Array;
  /** Events at the time of block b: its first subjects. */
  readonly deaths: Uint32Array;
}

/** Subjects in order of time. */
export interface SortedSubjects {
  readonly index: Uint32Array;
  readonly times: Float64Array;
  readonly events: Uint8Array;
}

/** Times nearer than this, absolutely or relative to the mean of the distinct times, are one time: √(2^-52). */
const TIME_TOLERANCE = 2 ** -26;

/** Largest time of which a sum of 2^32 is still a number. */
const LARGE_TIME = 2 ** 990;

export function allocateLayout(n: number): Layout {
  return {
    n: 0,
    events: 0,
    order: new Uint32Array(n),
    blocks: 0,
    start: new Uint32Array(n + 1),
    deaths: new Uint32Array(n),
  };
}

/** Lays out the first `count` of `subjects`, with as many entries as `layout` has room for. */
export function layOut(subjects: SortedSubjects, count: number, layout: Layout): void {
  const { times, events } = subjects;
  const mean = meanOfDistinct(times, count);
  layout.n = count;
  layout.events = 0;
  layout.blocks = 0;
  let from = 0;
  while (from < count) {
    let to = from + 1;
    while (to < count && areOneTime(times[to - 1] as number, times[to] as number, mean)) to += 1;
    let deaths = 0;
    for (let at = from; at < to; at += 1) deaths += events[at] as number;
    place(subjects, from, to, deaths, layout);
    from = to;
  }
  layout.start[layout.blocks] = count;
}

/** One time: a block of its own where it has an event, else a part of the block before. Places are the same before and after. */
function place(subjects: SortedSubjects, from: number, to: number, deaths: number, layout: Layout): void {
  const { index, events } = subjects;
  let death = from;
  let censored = from + deaths;
  for (let at = from; at < to; at += 1) {
    if (events[at] === 1) layout.order[death++] = index[at] as number;
    else layout.order[censored++] = index[at] as number;
  }
  if (deaths === 0) return;
  layout.start[layout.blocks] = from;
  layout.deaths[layout.blocks] = deaths;
  layout.blocks += 1;
  layout.events += deaths;
}

/** Two times in succession; in a chain of them each is compared with the one before. */
function areOneTime(before: number, after: number, mean: number): boolean {
  const gap = after - before;
  return gap <= TIME_TOLERANCE || gap / mean <= TIME_TOLERANCE;
}

function meanOfDistinct(times: Float64Array, count: number): number {
  // A mean of very large times is one of their fractions.
  const unit = count > 0 && (times[count - 1] as number) > LARGE_TIME ? 2 ** -40 : 1;
  let sum = 0;
  let distinct = 0;
  for (let at = 0; at < count; at += 1) {
    if (at > 0 && times[at] === times[at - 1]) continue;
    sum += (times[at] as number) * unit;
    distinct += 1;
  }
  return sum / distinct / unit;
}
