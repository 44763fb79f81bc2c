import type { Layout } from './layout.ts';
import { evaluate } from './likelihood.ts';
import type { Workspace } from './workspace.ts';

/** The stopping rule of R's `coxph`, which is part of what is reported: its estimate is as far from the maximum as this lets it be. */
const MAX_STEPS = 20;
const TOLERANCE = 1e-9;

export const RAN_OUT = MAX_STEPS + 1;

/**
 * Newton's method from 0. A step after which the likelihood is smaller or no number is taken back by halves; it ends when the
 * likelihood changes by no more than 1e-9 of itself, with the newest coefficient. What is left in `work` is evaluated there.
 * @returns steps, `RAN_OUT` where 20 were not enough: then the coefficient is the last that was an improvement
 */
export function maximise(layout: Layout, work: Workspace): number {
  const { at } = work;
  at.deathSum = sumOfDeaths(layout, work.x);
  evaluate(layout, work, 0);
  at.informationAtZero = at.information;
  let beta = 0;
  let logLikelihood = at.logLikelihood;
  let candidate = newtonStep(at.score, at.information);
  let halvings = 0;
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    evaluate(layout, work, candidate);
    const isNumber = Number.isFinite(at.logLikelihood) && Number.isFinite(at.score) && Number.isFinite(at.information);
    if (isNumber && Math.abs(1 - logLikelihood / at.logLikelihood) <= TOLERANCE) return step;
    if (!isNumber || at.logLikelihood < logLikelihood) {
      halvings += 1;
      candidate = (candidate + halvings * beta) / (halvings + 1);
    } else {
      halvings = 0;
      beta = candidate;
      logLikelihood = at.logLikelihood;
      candidate = beta + newtonStep(at.score, at.information);
    }
  }
  evaluate(layout, work, beta);
  return RAN_OUT;
}

/** None where rounding has left no information: there is nowhere to go from there. */
function newtonStep(score: number, information: number): number {
  return information > 0 ? score / information : 0;
}

function sumOfDeaths({ blocks, start, deaths }: Layout, x: Float64Array): number {
  let sum = 0;
  for (let block = 0; block < blocks; block += 1) {
    const from = start[block] as number;
    const censored = from + (deaths[block] as number);
    for (let i = from; i < censored; i += 1) sum += x[i] as number;
  }
  return sum;
}
