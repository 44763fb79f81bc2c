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
/** What R's centre and scale may differ by from those of the subjects at risk: of sixteen digits twelve are left at least. */
const FAR_OFF_CENTRE = 100;
const FAR_OFF_SCALE = 1e6;

/** What undoes it: a coefficient of scaled values times `factor` times `power` is one of the values as given. */
export interface Scaling {
  factor: number;
  power: number;
}

/**
 * Sets x, of those who are ever at risk, to their values about the mean of all, divided by about the mean absolute deviation of all;
 * values of -1, 0 and 1 stay as they are. The maximum of the likelihood is the same without; where a sum overflows is not, and
 * with it which steps are halved: so that this is what R does, but where those who are never at risk would cost digits.
 * @returns whether there is anything to fit: false where all who are at risk are alike
 */
export function scale(layout: Layout, work: Workspace, scaling: Scaling): boolean {
  const { n, start } = layout;
  const { raw, x, at } = work;
  const first = start[0] as number;
  // By comparison: of a constant that its mean does not meet exactly the deviations would look like values.
  if (areAlike(raw, first, n)) return false;
  scaling.factor = 1;
  scaling.power = 1;
  if (areSigns(raw, n)) {
    for (let i = first; i < n; i += 1) x[i] = raw[i] as number;
    at.largest = 1;
    return true;
  }
  let spread = centre(work, first, n, 1);
  if (!(spread < LARGE_SPREAD && spread > SMALL_SPREAD)) {
    scaling.power = spread <= SMALL_SPREAD ? GROW : SHRINK;
    spread = centre(work, first, n, scaling.power);
  }
  let shift = distanceToMeanOfAll(work, first, n, scaling.power);
  const wide = spreadOfAll(work, first, n, scaling.power, spread, shift);
  if (Math.abs(shift) <= FAR_OFF_CENTRE * spread && wide <= FAR_OFF_SCALE * spread) spread = wide;
  else shift = 0;
  const factor = 1 / spread;
  scaling.factor = factor;
  at.largest = (at.largest + Math.abs(shift)) * factor;
  for (let i = first; i < n; i += 1) x[i] = ((x[i] as number) + shift) * factor;
  return true;
}

/** Sets x to the deviations of raw × power, of those at risk, from their mean. Returns the mean size of these. */
function centre(work: Workspace, first: number, n: number, power: number): number {
  const { raw, x, at } = work;
  let total = 0;
  for (let i = first; i < n; i += 1) total += (raw[i] as number) * power;
  at.centre = total / (n - first);
  at.remainder = 0;
  const spread = deviate(raw, power, at.centre, work, first, n);
  if (!(Math.abs(at.left) > OFF_CENTRE * spread)) return spread;
  // Of values that hardly differ the mean has hardly a digit: what is left of it is a mean in turn.
  at.remainder = at.left;
  return deviate(x, 1, at.remainder, work, first, n);
}

/** Sets x to source × power − mean, which may be x itself; `left` is its mean. Returns the mean size. */
function deviate(
  source: Float64Array,
  power: number,
  mean: number,
  { x, at }: Workspace,
  first: number,
  n: number,
): number {
  let left = 0;
  let sum = 0;
  let largest = 0;
  for (let i = first; i < n; i += 1) {
    const deviation = (source[i] as number) * power - mean;
    const size = Math.abs(deviation);
    x[i] = deviation;
    left += deviation;
    sum += size;
    if (size > largest) largest = size;
  }
  at.left = left / (n - first);
  at.largest = largest;
  return sum / (n - first);
}

/** How far the mean of all is below that of those at risk. */
function distanceToMeanOfAll({ raw, at }: Workspace, first: number, n: number, power: number): number {
  let distance = 0;
  for (let i = 0; i < first; i += 1) distance += at.centre - (raw[i] as number) * power + at.remainder;
  return distance / n;
}

/** About the mean size of the deviations of all from the mean of all, `shift` below that of those at risk. */
function spreadOfAll(work: Workspace, first: number, n: number, power: number, spread: number, shift: number): number {
  const { raw, at } = work;
  let sum = (n - first) * Math.max(spread, Math.abs(shift));
  for (let i = 0; i < first; i += 1) sum += Math.abs((raw[i] as number) * power - at.centre + shift);
  return sum / n;
}

function areAlike(raw: Float64Array, first: number, n: number): boolean {
  for (let i = first + 1; i < n; i += 1) if (raw[i] !== raw[first]) return false;
  return true;
}

function areSigns(raw: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i += 1) {
    const value = raw[i];
    if (value !== 0 && value !== 1 && value !== -1) return false;
  }
  return true;
}
