/** Rows in the order of their p, and how many have one. */
export interface RankedRows {
  /** Indices of rows with a p, the smallest first; equal ones in the order of the rows. */
  readonly order: Uint32Array;
}

/**
 * Benjamini and Hochberg's q of each row with a p (Benjamini & Hochberg 1995): the smallest false discovery rate at which the
 * row is among the discoveries. Rows without a p, NaN, take no part. The q take the place of the p: 8 octets a row, and 4 for
 * the order.
 *
 * @param p of each row, from 0 to 1, or NaN; overwritten
 */
export function replaceByQ(p: Float64Array): RankedRows {
  const order = orderOf(p);
  const tests = order.length;
  let smallest = 1;
  for (let rank = tests; rank > 0; rank -= 1) {
    const row = order[rank - 1] as number;
    smallest = Math.min(smallest, ((p[row] as number) * tests) / rank);
    p[row] = smallest;
  }
  return { order };
}

function orderOf(p: Float64Array): Uint32Array {
  let tests = 0;
  const order = new Uint32Array(p.length);
  for (let row = 0; row < p.length; row += 1) {
    if (Number.isNaN(p[row])) continue;
    order[tests] = row;
    tests += 1;
  }
  const ranked = order.subarray(0, tests);
  sortInPlace(ranked, (a, b) => (p[a] as number) - (p[b] as number) || a - b);
  return ranked;
}

/**
 * Heapsort (Williams 1964). A typed array's own sort takes as many temporary octets again, and more, where it is given a
 * comparison.
 */
function sortInPlace(items: Uint32Array, compare: (a: number, b: number) => number): void {
  for (let root = (items.length >> 1) - 1; root >= 0; root -= 1) siftDown(items, root, items.length, compare);
  for (let end = items.length - 1; end > 0; end -= 1) {
    const largest = items[0] as number;
    items[0] = items[end] as number;
    items[end] = largest;
    siftDown(items, 0, end, compare);
  }
}

function siftDown(items: Uint32Array, root: number, end: number, compare: (a: number, b: number) => number): void {
  const item = items[root] as number;
  let hole = root;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= end) break;
    if (child + 1 < end && compare(items[child] as number, items[child + 1] as number) < 0) child += 1;
    if (compare(item, items[child] as number) >= 0) break;
    items[hole] = items[child] as number;
    hole = child;
  }
  items[hole] = item;
}
