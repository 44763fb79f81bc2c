import type { Layout } from './layout.ts';
import type { Workspace } from './workspace.ts';

/** A spread within these limits takes no part of the arithmetic out of the range of doubles. */
const LARGE_SPREAD = 2 ** 500;
const SMALL_SPREAD = 2 ** -500;
/** Exact factors that bring any other into them. */
const SHRINK = 2 ** -600;
const GROW = 2 ** 500;
/** A mean is corrected where the deviations from it do not sum to less than this share of their size. */
const OFF_CENTRE = 1e-6;
/** A centre this many spreads away costs four digits of sixteen, and two more are left for the arithmetic. */
const FAR_OFF_CENTRE = 100;

/** What undoes it: a coefficient of scaled values times `factor` times `power` is one of the values as given. */
export interface Scaling {
  factor: number;
  power: number;
}

/**
 * Sets x, of those who are ever at risk, to their values about the mean of all, scaled to a mean absolute deviation of about 1;
 * values of -1, 0 and 1 stay as they are. The maximum of the likelihood is the same wherever the centre is; where e^(βx)
 * overflows is not, so that it is R's, but for who is censored so far from the rest that digits would be lost.
 * @returns whether there is anything to fit: false where all who are at risk are alike
 */
export function scale(layout: Layout, work: Workspace, scaling: Scaling): boolean {
  const { n, start } = layout;
  const { raw, x, at } = work;
  const first = start[0]!;
  scaling.factor = 1;
  scaling.power = 1;
  if (areSigns(raw, n)) return copy(work, first, n);

  let spread = centre(work, first, n, 1);
  if (!(spread < LARGE_SPREAD && spread > SMALL_SPREAD)) {
    if (areAlike(raw, first, n)) return false;
    scaling.power = spread <= SMALL_SPREAD ? GROW : SHRINK;
    spread = centre(work, first, n, scaling.power);
  }
  const shift = distanceToMeanOfAll(work, first, n, scaling.power, spread);
  const factor = 1 / spread;
  scaling.factor = factor;
  at.largest = (at.largest + Math.abs(shift)) * factor;
  for (let i = first; i < n; i += 1) x[i] = (x[i]! + shift) * factor;
  return true;
}

function copy({ raw, x, at }: Workspace, first: number, n: number): boolean {
  for (let i = first; i < n; i += 1) x[i] = raw[i]!;
  at.largest = 1;
  return !areAlike(raw, first, n);
}

/** Sets x to the deviations of raw × power, of those at risk, from their mean. Returns the mean size of these. */
function centre(work: Workspace, first: number, n: number, power: number): number {
  const { raw, x, at } = work;
  const count = n - first;
  let total = 0;
  for (let i = first; i < n; i += 1) total += raw[i]! * power;
  at.centre = total / count;
  for (let i = first; i < n; i += 1) x[i] = raw[i]! * power;
  const spread = deviate(work, first, n, at.centre);
  // Of values that hardly differ the mean has hardly a digit: what is left of it is a mean in turn.
  let left = 0;
  for (let i = first; i < n; i += 1) left += x[i]!;
  left /= count;
  if (!(Math.abs(left) > OFF_CENTRE * spread)) return spread;
  at.centre += left;
  return deviate(work, first, n, left);
}

function deviate({ x, at }: Workspace, first: number, n: number, mean: number): number {
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

/** How far the mean of all is below that of those at risk; 0 where it is too far off to be a centre. */
function distanceToMeanOfAll({ raw, at }: Workspace, first: number, n: number, power: number, spread: number): number {
  let distance = 0;
  for (let i = 0; i < first; i += 1) distance += at.centre - raw[i]! * power;
  distance /= n;
  return Math.abs(distance) <= FAR_OFF_CENTRE * spread ? distance : 0;
}

function areAlike(raw: Float64Array, first: number, n: number): boolean {
  for (let i = first + 1; i < n; i += 1) if (raw[i] !== raw[first]) return false;
  return true;
}

function areSigns(raw: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i += 1) {
    const value = raw[i]!;
    if (value !== 0 && value !== 1 && value !== -1) return false;
  }
  return true;
}
