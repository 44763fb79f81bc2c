import type { Layout } from './layout.ts';

/**
 * Whether the likelihood has no maximum: that is so exactly where every event falls to the highest value among those at risk,
 * or every one to the lowest. With ties the same, as Efron's terms keep a part of each tied event.
 * @param raw values as in `Layout.order`, not all alike: compared as they are, since scaling could make two of them one
 */
export function isSeparated(layout: Layout, raw: Float64Array): boolean {
  const { blocks, start, deaths } = layout;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let byHighest = true;
  let byLowest = true;
  // From the last event on, where few are at risk: nearly every row is settled by the first blocks.
  for (let block = blocks - 1; block >= 0 && (byHighest || byLowest); block -= 1) {
    const from = start[block] as number;
    const to = start[block + 1] as number;
    const censored = from + (deaths[block] as number);
    for (let i = from; i < to; i += 1) {
      const value = raw[i] as number;
      if (value > highest) highest = value;
      if (value < lowest) lowest = value;
    }
    for (let i = from; i < censored; i += 1) {
      const value = raw[i] as number;
      if (value < highest) byHighest = false;
      if (value > lowest) byLowest = false;
    }
  }
  return byHighest || byLowest;
}
