import type { Box } from './frame.ts';

/** A name that is to stand near a point. */
export interface Wanted {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly from: Point;
  readonly to: Point;
}

export interface Placed {
  readonly box: Box;
  /** From the point to its name, where that does not stand beside it. */
  readonly leader?: Line;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels between a point and a name beside it, and between two names. */
const GAP = 6;
const APART = 2;
/** Distances at which a place is tried, nearest first, and directions at each. */
const DISTANCES = [0, 8, 16, 26, 38, 52, 68, 86, 106, 130, 160, 200, 250];
const DIRECTIONS = 24;
/** Half the side of the square that a labelled point keeps free. */
const MARK = 5;
/** Steps of the search over the whole frame. */
const STEP_ACROSS = 20;
const STEP_DOWN = 9;
/** Pixels that a name goes farther away rather than hide a mark, and rather than be crossed by a leader. */
const COST_OF_MARK = 25;
const MOST_COST_OF_MARKS = 110;
const COST_OF_CROSSING = 120;
/** Times that every name may look for a better place after all have one. */
const ROUNDS = 3;

interface Candidate extends Placed {
  readonly cost: number;
}

/**
 * Places names in the frame so that none overlaps another or a labelled point, and leaders cross as little as can be;
 * the first ones choose first. What finds no place is undefined. The same input gives the same places.
 */
export function placeLabels(
  wanted: readonly Wanted[],
  frame: Box,
  marksIn: (box: Box) => number,
): readonly (Placed | undefined)[] {
  const marks = wanted.map(({ x, y }) => ({ x: x - MARK, y: y - MARK, width: 2 * MARK, height: 2 * MARK }));
  const placed: (Candidate | undefined)[] = wanted.map(() => undefined);
  for (const [index, label] of wanted.entries()) placed[index] = search(label, index);
  for (let round = 0; round < ROUNDS && improve(); round += 1);
  return placed;

  /** Every name looks again, now that the others stand; then neighbours change places where that is shorter. */
  function improve(): boolean {
    let isBetter = false;
    for (const [index, label] of wanted.entries()) {
      const now = placed[index];
      const cost = now === undefined ? Infinity : costOf(label, now, index, Infinity);
      if (cost < COST_OF_CROSSING) continue;
      const found = search(label, index);
      if (found === undefined || found.cost >= cost) continue;
      placed[index] = found;
      isBetter = true;
    }
    for (const one of wanted.keys()) {
      for (let other = one + 1; other < wanted.length; other += 1) isBetter = swap(one, other) || isBetter;
    }
    return isBetter;
  }

  function swap(one: number, other: number): boolean {
    const [first, second] = [wanted[one], wanted[other]];
    const [here, there] = [placed[one], placed[other]];
    if (first === undefined || second === undefined || here === undefined || there === undefined) return false;
    if (here.leader === undefined || there.leader === undefined) return false;
    const before = costOf(first, here, one, Infinity) + costOf(second, there, other, Infinity);
    placed[one] = undefined;
    placed[other] = undefined;
    const moved = placeAt(first, centred(there.box, first), one, before);
    placed[one] = moved;
    const back = moved === undefined ? undefined : placeAt(second, centred(here.box, second), other, before);
    placed[other] = back;
    if (moved !== undefined && back !== undefined) {
      if (costOf(first, moved, one, Infinity) + back.cost < before) return true;
    }
    placed[one] = here;
    placed[other] = there;
    return false;
  }

  /** The cheapest free place: around the point, or anywhere if there is none. */
  function search(label: Wanted, index: number): Candidate | undefined {
    let best: Candidate | undefined;
    const offer = (box: Box): void => {
      best = placeAt(label, box, index, best?.cost ?? Infinity) ?? best;
    };
    for (const distance of DISTANCES) {
      if (best !== undefined && distance >= best.cost) return best;
      for (let direction = 0; direction < DIRECTIONS; direction += 1) offer(boxAt(label, distance, direction));
    }
    if (best !== undefined) return best;
    const { width, height } = label;
    for (let y = frame.y; y + height <= frame.y + frame.height; y += STEP_DOWN) {
      for (let x = frame.x; x + width <= frame.x + frame.width; x += STEP_ACROSS) offer({ x, y, width, height });
    }
    return best;
  }

  /** The place if it is free and cheaper than `most`. */
  function placeAt(label: Wanted, box: Box, index: number, most: number): Candidate | undefined {
    if (!isWithin(box, frame)) return undefined;
    const end = nearest(box, label);
    const away = Math.hypot(end.x - label.x, end.y - label.y);
    if (away - GAP >= most) return undefined;
    if (!isFree(box, index)) return undefined;
    const place = away <= GAP + 1 ? { box } : { box, leader: leaderTo(label, end, away) };
    const cost = costOf(label, place, index, most);
    return cost < most ? { ...place, cost } : undefined;
  }

  function isFree(box: Box, index: number): boolean {
    for (const mark of marks) if (overlap(box, mark)) return false;
    const room = grown(box, APART);
    for (let place = 0; place < placed.length; place += 1) {
      const other = placed[place];
      if (other !== undefined && place !== index && overlap(room, other.box)) return false;
    }
    return true;
  }

  /** Pixels from the point, and what is hidden and crossed. */
  function costOf(label: Wanted, { box, leader }: Placed, index: number, most: number): number {
    const end = nearest(box, label);
    const away = Math.max(Math.hypot(end.x - label.x, end.y - label.y) - GAP - 1, 0);
    let cost = away + Math.min(marksIn(box) * COST_OF_MARK, MOST_COST_OF_MARKS);
    if (cost >= most) return cost;
    const room = grown(box, APART);
    for (let place = 0; place < placed.length && cost < most; place += 1) {
      const other = placed[place];
      if (other === undefined || place === index) continue;
      if (other.leader !== undefined && meetsBox(other.leader, room)) cost += COST_OF_CROSSING;
      if (leader === undefined) continue;
      if (meetsBox(leader, other.box)) cost += COST_OF_CROSSING;
      if (other.leader !== undefined && meet(leader, other.leader)) cost += COST_OF_CROSSING;
    }
    return cost;
  }
}

function leaderTo({ x, y }: Point, end: Point, away: number): Line {
  const share = Math.min(MARK / away, 1);
  return { from: { x: x + (end.x - x) * share, y: y + (end.y - y) * share }, to: end };
}

/** A label's box in the middle of another place. */
function centred(box: Box, { width, height }: Wanted): Box {
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** The box in a direction (0 is to the right, then by the clock) whose nearest border is so far away. */
function boxAt({ x, y, width, height }: Wanted, distance: number, direction: number): Box {
  const angle = (2 * Math.PI * direction) / DIRECTIONS;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const away = distance + GAP;
  return {
    x: x + dx * (away + width / 2) - width / 2,
    y: y + dy * (away + height / 2) - height / 2,
    width,
    height,
  };
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function isWithin(box: Box, frame: Box): boolean {
  return (
    box.x >= frame.x &&
    box.y >= frame.y &&
    box.x + box.width <= frame.x + frame.width &&
    box.y + box.height <= frame.y + frame.height
  );
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function nearest({ x, y, width, height }: Box, point: Point): Point {
  return { x: Math.min(Math.max(point.x, x), x + width), y: Math.min(Math.max(point.y, y), y + height) };
}

function meetsBox(line: Line, { x, y, width, height }: Box): boolean {
  const { from, to } = line;
  const [right, bottom] = [x + width, y + height];
  if (Math.max(from.x, to.x) <= x || Math.min(from.x, to.x) >= right) return false;
  if (Math.max(from.y, to.y) <= y || Math.min(from.y, to.y) >= bottom) return false;
  if (from.x > x && from.x < right && from.y > y && from.y < bottom) return true;
  if (to.x > x && to.x < right && to.y > y && to.y < bottom) return true;
  // It passes through where it parts the corners, two of which face each other.
  return (
    meet(line, { from: { x, y }, to: { x: right, y: bottom } }) ||
    meet(line, { from: { x: right, y }, to: { x, y: bottom } })
  );
}

/** Whether two lines cross: the ends of each lie on both sides of the other. */
function meet(one: Line, other: Line): boolean {
  return side(one, other.from) * side(one, other.to) < 0 && side(other, one.from) * side(other, one.to) < 0;
}

function side({ from, to }: Line, point: Point): number {
  return (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
}
