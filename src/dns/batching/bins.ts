/** What one request may hold, and what something takes of it. */
export interface Cost {
  /** Values, those of an UPSERT counted twice. */
  readonly elements: number;
  /** Characters of the values, those of an UPSERT counted twice. */
  readonly characters: number;
}

export const NO_COST: Cost = { elements: 0, characters: 0 };

export function addCosts(a: Cost, b: Cost): Cost {
  return { elements: a.elements + b.elements, characters: a.characters + b.characters };
}

export function fits(cost: Cost, limits: Cost): boolean {
  return cost.elements <= limits.elements && cost.characters <= limits.characters;
}

/** Items of one cost; there are far fewer costs than items. */
interface Size extends Cost {
  /** Indices, the first at the end. */
  readonly items: number[];
}

/**
 * Items into few bins, each no larger than the limits, deterministic. One bin is filled after the other, largest items
 * first, and such that both limits fill up at one pace: a bin full of long values beside a bin full of short ones
 * would waste half of each limit.
 * @returns indices of items by bin; ascending inside a bin, bins in order of their first item.
 */
export function packBins(items: readonly Cost[], limits: Cost): number[][] {
  const sizes = sizesOf(items, limits);
  const left = { ...items.reduce(addCosts, NO_COST) };
  const leansLong = (size: Cost) => size.characters * left.elements > size.elements * left.characters;
  let long = sizes.filter(leansLong);
  let short = sizes.filter((size) => !leansLong(size));

  const bins: number[][] = [];
  while (long.length > 0 || short.length > 0) {
    const bin = fillBin(long, short, left, limits);
    if (bin.length === 0) throw new RangeError('An item is larger than a bin.');
    bins.push(bin.sort((a, b) => a - b));
    long = long.filter((size) => size.items.length > 0);
    short = short.filter((size) => size.items.length > 0);
  }
  return bins.sort(([a = 0], [b = 0]) => a - b);
}

/** Sizes, the largest first. */
function sizesOf(items: readonly Cost[], limits: Cost): Size[] {
  const sizes = new Map<string, Size>();
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const { elements, characters } = items[index] ?? NO_COST;
    const key = `${elements} ${characters}`;
    const size = sizes.get(key);
    if (size === undefined) sizes.set(key, { elements, characters, items: [index] });
    else size.items.push(index);
  }
  const share = (size: Cost) => Math.max(size.elements / limits.elements, size.characters / limits.characters);
  return [...sizes.values()].sort(
    (a, b) => share(b) - share(a) || b.characters - a.characters || b.elements - a.elements,
  );
}

/** Takes items out of the sizes and their cost out of `left`. */
function fillBin(
  long: readonly Size[],
  short: readonly Size[],
  left: { elements: number; characters: number },
  limits: Cost,
): number[] {
  const bin: number[] = [];
  const free = { ...limits };
  for (let nextLong = 0, nextShort = 0; ;) {
    nextLong = firstThatFits(long, nextLong, free);
    nextShort = firstThatFits(short, nextShort, free);
    const wantsLong = free.characters * left.elements > free.elements * left.characters;
    const size = (wantsLong ? long[nextLong] : short[nextShort]) ?? long[nextLong] ?? short[nextShort];
    const item = size?.items.pop();
    if (size === undefined || item === undefined) return bin;
    bin.push(item);
    for (const key of ['elements', 'characters'] as const) {
      free[key] -= size[key];
      left[key] -= size[key];
    }
  }
}

/** What does not fit now will not fit later: the bin only gets fuller. */
function firstThatFits(sizes: readonly Size[], from: number, free: Cost): number {
  let index = from;
  for (let size = sizes[index]; size !== undefined; size = sizes[index]) {
    if (size.items.length > 0 && fits(size, free)) break;
    index += 1;
  }
  return index;
}
