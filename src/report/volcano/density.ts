import type { Box, Place } from './frame.ts';

/** Pixels of a cell in which marks are counted. */
const CELL = 2;

/** Where marks stand, so that names can keep clear of them. */
export interface Density {
  add(place: Place, weight: number): void;
  /** The weight of the marks in a box; to be asked when all have been added. */
  readonly within: (box: Box) => number;
}

/** Counts marks of a frame in a table of sums, which answers for any box in four look-ups (Crow 1984). */
export function createDensity(frame: Box): Density {
  const columns = Math.ceil(frame.width / CELL) + 1;
  const rows = Math.ceil(frame.height / CELL) + 1;
  const cells = new Float64Array(columns * rows);
  let sums: Float64Array | undefined;

  function columnOf(x: number): number {
    return Math.min(Math.max(Math.floor((x - frame.x) / CELL) + 1, 0), columns - 1);
  }

  function rowOf(y: number): number {
    return Math.min(Math.max(Math.floor((y - frame.y) / CELL) + 1, 0), rows - 1);
  }

  function summed(): Float64Array {
    const table = new Float64Array(cells);
    for (let row = 1; row < rows; row += 1) {
      let left = 0;
      for (let column = 1; column < columns; column += 1) {
        left += table[row * columns + column] ?? 0;
        table[row * columns + column] = left + (table[(row - 1) * columns + column] ?? 0);
      }
    }
    return table;
  }

  return {
    add({ x, y }, weight) {
      const cell = rowOf(y) * columns + columnOf(x);
      cells[cell] = Math.min((cells[cell] ?? 0) + weight, 1);
    },
    within({ x, y, width, height }) {
      sums ??= summed();
      const [left, right] = [columnOf(x - CELL), columnOf(x + width)];
      const [top, bottom] = [rowOf(y - CELL), rowOf(y + height)];
      const at = (row: number, column: number): number => sums?.[row * columns + column] ?? 0;
      return at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
    },
  };
}
