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
    const from = start[block]!;
    for (let i = from; i < start[block + 1]!; i += 1) {
      const value = raw[i]!;
      if (value > highest) highest = value;
      if (value < lowest) lowest = value;
    }
    for (let i = from; i < from + deaths[block]!; i += 1) {
      if (raw[i]! < highest) byHighest = false;
      if (raw[i]! > lowest) byLowest = false;
    }
  }
  return byHighest || byLowest;
}
