import type { Layout } from './layout.ts';
import type { Workspace } from './workspace.ts';

/** A spread within these limits takes no part of the arithmetic out of the range of doubles. */
const LARGE_SPREAD = 2 ** 500;
const SMALL_SPREAD = 2 ** -500;
/** Exact factors that bring any other into them, and back. */
const SHRINK = 2 ** -600;
const GROW = 2 ** 500;
/** The mean is corrected where the deviations from it do not sum to less than this share of their size. */
const OFF_CENTRE = 1e-6;

/**
 * Takes the values of those who are ever at risk out of a row.
 * @returns whether every subject has a finite value
 */
export function gather(layout: Layout, raw: Float64Array, matrix: Float64Array, offset: number): boolean {
  const { n, order, start } = layout;
  const first = start[0]!;
  // Zero times a number is zero; times anything else it is none.
  let check = 0;
  for (let i = 0; i < first; i += 1) check += 0 * matrix[offset + order[i]!]!;
  for (let i = first; i < n; i += 1) {
    const value = matrix[offset + order[i]!]!;
    raw[i] = value;
    check += 0 * value;
  }
  return check === 0;
}

/** What undoes `scale`: a coefficient of scaled values times `factor` times `power` is one of the values as given. */
export interface Scaling {
  factor: number;
  power: number;
}

/**
 * Centres values about their mean and scales them to a mean absolute deviation of 1; values of -1, 0 and 1 stay as they are.
 * The coefficient would be the same without, but for overflow and rounding.
 * @returns whether there is anything to scale: false where all values are one
 */
export function scale(layout: Layout, work: Workspace, scaling: Scaling): boolean {
  const { n, start } = layout;
  const { raw, x, at } = work;
  const first = start[0]!;
  scaling.factor = 1;
  scaling.power = 1;
  if (areSigns(raw, first, n)) {
    for (let i = first; i < n; i += 1) x[i] = raw[i]!;
    at.largest = 1;
    return !areAlike(raw, first, n);
  }
  let spread = centre(raw, x, first, n, 1, at);
  if (!(spread < LARGE_SPREAD && spread > SMALL_SPREAD)) {
    if (areAlike(raw, first, n)) return false;
    scaling.power = spread <= SMALL_SPREAD ? GROW : SHRINK;
    spread = centre(raw, x, first, n, scaling.power, at);
  }
  const factor = 1 / spread;
  for (let i = first; i < n; i += 1) x[i] = x[i]! * factor;
  at.largest *= factor;
  scaling.factor = factor;
  return true;
}

/** Sets x to the deviations of raw × power from their mean. Returns their mean size. */
function centre(
  raw: Float64Array,
  x: Float64Array,
  first: number,
  n: number,
  power: number,
  at: { largest: number },
): number {
  const count = n - first;
  let total = 0;
  for (let i = first; i < n; i += 1) {
    const value = raw[i]! * power;
    x[i] = value;
    total += value;
  }
  let spread = deviate(x, first, n, total / count, at);
  // Of values that hardly differ the mean has hardly a digit: what is left is a mean in turn.
  let left = 0;
  for (let i = first; i < n; i += 1) left += x[i]!;
  if (Math.abs(left) > OFF_CENTRE * count * spread) spread = deviate(x, first, n, left / count, at);
  return spread;
}

function deviate(x: Float64Array, first: number, n: number, mean: number, at: { largest: number }): number {
  let sum = 0;
  let largest = 0;
  for (let i = first; i < n; i += 1) {
    const deviation = x[i]! - mean;
    const size = Math.abs(deviation);
    x[i] = deviation;
    sum += size;
    if (size > largest) largest = size;
  }
  at.largest = largest;
  return sum / (n - first);
}

function areAlike(raw: Float64Array, first: number, n: number): boolean {
  for (let i = first + 1; i < n; i += 1) if (raw[i] !== raw[first]) return false;
  return true;
}

function areSigns(raw: Float64Array, first: number, n: number): boolean {
  for (let i = first; i < n; i += 1) {
    const value = raw[i]!;
    if (value !== 0 && value !== 1 && value !== -1) return false;
  }
  return true;
}
