import { isPlainMap, plainMap } from '../config/yaml-value.ts';
import { equal } from '../value.ts';

/** An item that goes from a list, by its index, or one that comes at its end. */
export interface ListStep {
  readonly index: number;
  /** Undefined: the item goes. */
  readonly value: unknown;
}

/**
 * What a list would have to lose and gain, one item for each that AWS has, so that what it decides is as it was found: an
 * item is known by a plain value that no other has, and a new one is made after the first. Undefined where that does not
 * tell. A guess, which others prove.
 */
export function listGuess(
  items: readonly unknown[],
  wanted: readonly unknown[],
  found: readonly unknown[],
): readonly ListStep[] | undefined {
  if (items.length !== wanted.length) return undefined;
  const gone = wanted.filter((one) => !found.some((other) => equal(one, other)));
  const added = found.filter((one) => !wanted.some((other) => equal(one, other)));
  const removed = gone.map((one) => indexOf(items, wanted, one));
  const [model] = wanted;
  const at = indexOf(items, wanted, model);
  if (removed.includes(-1) || at < 0 || gone.length === items.length) return undefined;
  const kept = items.length - removed.length;
  return [
    ...removed.sort((a, b) => b - a).map((index) => ({ index, value: undefined })),
    ...added.map((one, number) => ({ index: kept + number, value: madeAfter(items[at], model, one) })),
  ];
}

/** The only item that has a value by which one of those that AWS has differs from all others; -1: none, or several. */
function indexOf(items: readonly unknown[], all: readonly unknown[], one: unknown): number {
  const others = new Set(all.filter((other) => other !== one).flatMap(plainValues));
  const own = plainValues(one).filter((value) => !others.has(value));
  const indexes = items.flatMap((item, index) =>
    plainValues(item).some((value) => own.includes(value)) ? [index] : [],
  );
  return indexes.length === 1 ? (indexes[0] ?? -1) : -1;
}

function plainValues(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(plainValues);
  return isPlainMap(value) ? Object.values(value).flatMap(plainValues) : [value];
}

/** A copy of an item with the values of another in place of those that it shares with the model. */
function madeAfter(item: unknown, model: unknown, other: unknown): unknown {
  if (isPlainMap(item)) {
    const fields = Object.entries(item).map(([key, value]) => [key, madeAfter(value, model, other)]);
    return Object.assign(plainMap(), Object.fromEntries(fields));
  }
  if (item === model) return other;
  if (!isPlainMap(model) || !isPlainMap(other)) return item;
  const field = Object.keys(model).find((key) => model[key] === item);
  return field === undefined ? item : (other[field] ?? item);
}
