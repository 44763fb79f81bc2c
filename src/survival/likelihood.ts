import type { Layout } from './layout.ts';
import { weigh } from './weights.ts';
import type { Workspace } from './workspace.ts';

/** Risk sums are multiplied within these limits, so that few logarithms are taken. */
const LARGE_PRODUCT = 1e150;
const SMALL_PRODUCT = 1e-150;

/**
 * The log partial likelihood at `beta`, its derivative and the information (Cox 1972), and of each block what the sandwich is
 * made of. Risk sets only grow from the last event to the first: each subject is added once.
 */
export function evaluate(layout: Layout, work: Workspace, beta: number): void {
  const { n, blocks, start, deaths } = layout;
  const { x, weight, at, mean: means, hazard, hazardMean, deathHazard, deathHazardMean } = work;
  weigh(work, start[0] as number, n, beta);
  at.logLikelihood = 0;
  at.score = 0;
  at.information = 0;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let product = 1;
  let logs = 0;
  let score = 0;
  let information = 0;
  for (let block = blocks - 1; block >= 0; block -= 1) {
    const from = start[block] as number;
    const to = start[block + 1] as number;
    for (let i = from; i < to; i += 1) {
      const v = x[i] as number;
      const w = weight[i] as number;
      const wv = w * v;
      s0 += w;
      s1 += wv;
      s2 += wv * v;
    }
    const d = deaths[block] as number;
    if (d > 1) {
      addTied(work, block, from, d, s0, s1, s2);
      continue;
    }
    // Quotients: the inverse of a sum that has all but vanished is no number, its quotients are.
    const inverse = 1 / s0;
    const mean = s1 / s0;
    score -= mean;
    information += s2 / s0 - mean * mean;
    means[block] = mean;
    hazard[block] = inverse;
    hazardMean[block] = mean * inverse;
    deathHazard[block] = inverse;
    deathHazardMean[block] = mean * inverse;
    const grown = product * s0;
    if (grown < LARGE_PRODUCT && grown > SMALL_PRODUCT) product = grown;
    else {
      logs += Math.log(product) + Math.log(s0);
      product = 1;
    }
  }
  at.logLikelihood += beta * at.deathSum - logs - Math.log(product);
  at.score += at.deathSum + score;
  at.information += information;
}

/**
 * The events of a block that are d at one time, by Efron (1977): the k-th of them, from 0, finds k/d less at risk of what
 * these d are. An event is exposed to 1 − k/d of each of these terms of the hazard, who is censored to all of each.
 */
function addTied(work: Workspace, block: number, from: number, d: number, s0: number, s1: number, s2: number): void {
  const { x, weight, at } = work;
  let d0 = 0;
  let d1 = 0;
  let d2 = 0;
  for (let i = from; i < from + d; i += 1) {
    const v = x[i] as number;
    const w = weight[i] as number;
    const wv = w * v;
    d0 += w;
    d1 += wv;
    d2 += wv * v;
  }
  let means = 0;
  let hazard = 0;
  let hazardMean = 0;
  let deathHazard = 0;
  let deathHazardMean = 0;
  for (let k = 0; k < d; k += 1) {
    const share = k / d;
    const atRisk = s0 - share * d0;
    const inverse = 1 / atRisk;
    const mean = (s1 - share * d1) / atRisk;
    at.logLikelihood -= Math.log(atRisk);
    at.information += (s2 - share * d2) / atRisk - mean * mean;
    means += mean;
    hazard += inverse;
    hazardMean += mean * inverse;
    deathHazard += (1 - share) * inverse;
    deathHazardMean += (1 - share) * mean * inverse;
  }
  at.score -= means;
  work.mean[block] = means / d;
  work.hazard[block] = hazard;
  work.hazardMean[block] = hazardMean;
  work.deathHazard[block] = deathHazard;
  work.deathHazardMean[block] = deathHazardMean;
}
