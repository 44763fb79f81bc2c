import type { Place } from './frame.ts';
import type { VolcanoClass } from './points.ts';

/**
 * Marks stand on a grid of half pixels, and two of one class at one place are one: a drawing of a million rows stays a
 * file that can be opened.
 */
const GRID = 2;
/** More columns than a drawing has. */
const ROW = 1 << 14;

/** A mark as a path relative to its place, in half pixels. */
interface Shape {
  /** From the place to where the path begins. */
  readonly start: readonly [x: number, y: number];
  readonly path: string;
  /** From where the path begins to where it leaves the pen. */
  readonly end: readonly [x: number, y: number];
}

const CLOSED = [0, 0] as const;

/** Marks of few rows are larger, and those of very many stand on a coarser grid. */
export type Size = 'large' | 'small' | 'dense';

const SMALL_FROM = 2_000;
const DENSE_FROM = 100_000;

export function sizeFor(rows: number): Size {
  if (rows > DENSE_FROM) return 'dense';
  return rows > SMALL_FROM ? 'small' : 'large';
}

/** A dot is the round cap of a line without length. */
const DOT = { start: [0, 0], path: 'h0', end: CLOSED } as const;
const SMALL = { plain: DOT, few: square(3), up: triangle(4, -1), down: triangle(4, 1) };

const SHAPES: Readonly<Record<Size, Readonly<Record<VolcanoClass, Shape>>>> = {
  large: { plain: DOT, few: square(4), up: triangle(5, -1), down: triangle(5, 1) },
  small: SMALL,
  dense: SMALL,
};

/** In half pixels, as what follows. */
const DOT_WIDTHS: Readonly<Record<Size, number>> = { large: 8, small: 5, dense: 5 };
const STEPS: Readonly<Record<Size, number>> = { large: 1, small: 1, dense: 3 };

/** How each class is painted; lengths in half pixels. Colours are Okabe and Ito's, told apart by every eye. */
const PAINT: Readonly<Record<VolcanoClass, string>> = {
  plain: 'fill="none" stroke="#8c959f" stroke-linecap="round"',
  few: 'fill="#fff" stroke="#424a53" stroke-width="1.6"',
  up: 'fill="#d55e00" stroke="#fff" stroke-width="1"',
  down: 'fill="#0072b2" stroke="#fff" stroke-width="1"',
};

/** Beyond the range: an arrow head, open, or hollow where p is not to be trusted. */
const PAINT_BEYOND: Readonly<Record<VolcanoClass, string>> = {
  plain: 'fill="none" stroke="#6e7781" stroke-width="2.4"',
  few: 'fill="#fff" stroke="#424a53" stroke-width="1.6"',
  up: 'fill="none" stroke="#d55e00" stroke-width="4"',
  down: 'fill="none" stroke="#0072b2" stroke-width="4"',
};

function square(half: number): Shape {
  return { start: [-half, -half], path: `h${2 * half}v${2 * half}h-${2 * half}z`, end: CLOSED };
}

/** From the tip, which stands two thirds of the height away; it points up (-1) or down. */
function triangle(third: number, way: 1 | -1): Shape {
  const half = Math.round(third * 1.75);
  return { start: [0, way * 2 * third], path: `l${pair(half, -way * 3 * third)}h-${2 * half}z`, end: CLOSED };
}

/** Half the breadth of an arrow head, and its length. */
const HEAD = 6;

function arrowHead(across: number, up: number, isClosed: boolean): Shape {
  // The tip, and two corners behind it.
  const length = across !== 0 && up !== 0 ? Math.SQRT1_2 : 1;
  const [dx, dy] = [across * length, -up * length];
  const start = [Math.round(-dx * 3 - dy * HEAD), Math.round(-dy * 3 + dx * HEAD)] as const;
  const tip = [Math.round(dx * 4), Math.round(dy * 4)] as const;
  const other = [Math.round(-dx * 3 + dy * HEAD), Math.round(-dy * 3 - dx * HEAD)] as const;
  const lines = `l${pair(tip[0] - start[0], tip[1] - start[1])}l${pair(other[0] - tip[0], other[1] - tip[1])}`;
  const end = isClosed ? CLOSED : ([other[0] - start[0], other[1] - start[1]] as const);
  return { start, path: isClosed ? `${lines}z` : lines, end };
}

/** Marks of one class at one side of the axes' range, or within it: where they stand, as cells of the grid. */
interface Group {
  readonly across: Place['across'];
  readonly up: Place['up'];
  readonly cells: number[];
}

/** Marks of one class; a million of them take some megabytes. */
export interface Marks {
  add(place: Place): void;
  /** A few path elements: those within the range, and those beyond it by direction. */
  paths(): readonly string[];
}

export function createMarks(kind: VolcanoClass, size: Size): Marks {
  const groups = new Map<number, Group>();
  const step = STEPS[size];
  return {
    add(place) {
      const { across, up } = place;
      const key = across + 3 * up;
      let group = groups.get(key);
      if (group === undefined) {
        group = { across, up, cells: [] };
        groups.set(key, group);
      }
      group.cells.push(cellOf(place, step));
    },
    paths() {
      const inOrder = Array.from(groups).sort(([one], [other]) => one - other);
      return inOrder.map(([, { across, up, cells }]) => {
        if (across === 0 && up === 0) return pathOf(SHAPES[size][kind], cells, `class="${kind}" ${paint(kind, size)}`);
        return pathOf(arrowHead(across, up, kind === 'few'), cells, `class="${kind} beyond" ${PAINT_BEYOND[kind]}`);
      });
    },
  };
}

function cellOf({ x, y }: Pick<Place, 'x' | 'y'>, step: number): number {
  const snapped = (pixels: number): number => Math.round((pixels * GRID) / step) * step;
  return snapped(y) * ROW + snapped(x);
}

/** One mark of a class, or beyond the range, for the legend. */
export function markAt(kind: VolcanoClass | 'beyond', x: number, y: number): string {
  const cells = [cellOf({ x, y }, 1)];
  if (kind === 'beyond') return pathOf(arrowHead(1, 0, false), cells, PAINT_BEYOND.plain);
  return pathOf(SHAPES.large[kind], cells, paint(kind, 'large'));
}

function paint(kind: VolcanoClass, size: Size): string {
  return kind === 'plain' ? `${PAINT.plain} stroke-width="${DOT_WIDTHS[size]}"` : PAINT[kind];
}

function pathOf({ start, path, end }: Shape, unsorted: readonly number[], attributes: string): string {
  const cells = Int32Array.from(unsorted).sort();
  let data = '';
  let [penX, penY] = [0, 0];
  let last = -1;
  for (const cell of cells) {
    if (cell === last) continue;
    const [x, y] = [(cell % ROW) + start[0], Math.floor(cell / ROW) + start[1]];
    data += `${last === -1 ? 'M' : 'm'}${pair(x - penX, y - penY)}${path}`;
    [penX, penY] = [x + end[0], y + end[1]];
    last = cell;
  }
  return `<path ${attributes} transform="scale(${1 / GRID})" d="${data}"/>`;
}

/** Two numbers of a path; a sign parts them as a blank does. */
function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}
