import { exponentials } from './exponentials.ts';
import type { Workspace } from './workspace.ts';

/** Beyond it e^y is no number, or one with few digits. */
const SAFE_EXPONENT = 600;
/** Where the first neglected term of the series below is less than 1e-18: |t|^9/9! and |t|^4/4!. */
const SMALL_STEP = 0.05;
const TINY_STEP = 6e-5;

/**
 * Sets `weight` to e^(βx) for entries `from` to `to`. Newton's steps soon become small: then what was evaluated before is
 * multiplied by the series of e^(step·x), which costs less than an exponential.
 */
export function weigh({ x, weight, at }: Workspace, from: number, to: number, beta: number): void {
  const step = beta - at.beta;
  const reach = Math.abs(step) * at.largest;
  const isSafe = Math.abs(beta) * at.largest < SAFE_EXPONENT;
  const isNear = isSafe && Math.abs(at.beta) * at.largest < SAFE_EXPONENT;
  at.beta = beta;
  if (beta === 0) weight.fill(1, from, to);
  else if (isNear && reach < TINY_STEP) shiftTiny(x, weight, from, to, step);
  else if (isNear && reach < SMALL_STEP) shiftSmall(x, weight, from, to, step);
  else if (isSafe) exponentials(x, weight, from, to, beta);
  else for (let i = from; i < to; i += 1) weight[i] = Math.exp(beta * (x[i] as number));
}

function shiftTiny(x: Float64Array, weight: Float64Array, from: number, to: number, step: number): void {
  for (let i = from; i < to; i += 1) {
    const t = step * (x[i] as number);
    const w = weight[i] as number;
    weight[i] = w + w * (t * (1 + t * (1 / 2 + t * (1 / 6))));
  }
}

function shiftSmall(x: Float64Array, weight: Float64Array, from: number, to: number, step: number): void {
  for (let i = from; i < to; i += 1) {
    const t = step * (x[i] as number);
    const w = weight[i] as number;
    const high = 1 / 24 + t * (1 / 120 + t * (1 / 720 + t * (1 / 5040 + t * (1 / 40_320))));
    weight[i] = w + w * (t * (1 + t * (1 / 2 + t * (1 / 6 + t * high))));
  }
}
