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
  return order.subarray(0, tests).sort((a, b) => (p[a] as number) - (p[b] as number) || a - b);
}
