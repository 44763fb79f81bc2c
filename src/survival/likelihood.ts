import type { Layout } from './layout.ts';
import { weigh } from './weights.ts';
import type { Workspace } from './workspace.ts';

/** A product of risk sums goes on within these limits, so that few logarithms are taken. */
const LARGE_PRODUCT = 1e150;
const SMALL_PRODUCT = 1e-150;

/**
 * Log partial likelihood at 0, its derivative and the information (Cox 1972), with Efron's terms for ties (1977). At 0 all
 * who are at risk weigh 1, so that counts do.
 */
export function evaluateAtZero(layout: Layout, work: Workspace): void {
  const { n, blocks, start, deaths } = layout;
  const { x, at } = work;
  let s1 = 0;
  let s2 = 0;
  let deathSum = 0;
  let score = 0;
  let information = 0;
  for (let block = blocks - 1; block >= 0; block -= 1) {
    const from = start[block]!;
    const to = start[block + 1]!;
    const d = deaths[block]!;
    for (let i = from; i < to; i += 1) {
      const v = x[i]!;
      s1 += v;
      s2 += v * v;
    }
    if (d === 1) {
      const mean = s1 / (n - from);
      deathSum += x[from]!;
      score -= mean;
      information += s2 / (n - from) - mean * mean;
      continue;
    }
    let d1 = 0;
    let d2 = 0;
    for (let i = from; i < from + d; i += 1) {
      const v = x[i]!;
      d1 += v;
      d2 += v * v;
    }
    deathSum += d1;
    for (let k = 0; k < d; k += 1) {
      const share = k / d;
      const atRisk = n - from - k;
      const mean = (s1 - share * d1) / atRisk;
      score -= mean;
      information += (s2 - share * d2) / atRisk - mean * mean;
    }
  }
  // No weights are left of it.
  at.beta = Number.NaN;
  at.deathSum = deathSum;
  at.logLikelihood = layout.logLikelihoodAtZero;
  at.score = score + deathSum;
  at.information = information;
  at.informationAtZero = information;
}

/** The same at `beta`, with weights and, of each block, what the sandwich is made of. */
export function evaluate(layout: Layout, work: Workspace, beta: number): void {
  const { n, blocks, start, deaths } = layout;
  const { x, weight, at, mean: means, hazard, hazardMean, deathHazard, deathHazardMean } = work;
  weigh(work, start[0]!, n, beta);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let product = 1;
  let logs = 0;
  let meanSum = 0;
  let information = 0;
  for (let block = blocks - 1; block >= 0; block -= 1) {
    const from = start[block]!;
    const to = start[block + 1]!;
    const d = deaths[block]!;
    for (let i = from; i < to; i += 1) {
      const v = x[i]!;
      const w = weight[i]!;
      const wv = w * v;
      s0 += w;
      s1 += wv;
      s2 += wv * v;
    }
    if (d === 1) {
      const inverse = 1 / s0;
      const mean = s1 * inverse;
      meanSum += mean;
      information += s2 * inverse - mean * mean;
      hazard[block] = inverse;
      hazardMean[block] = mean * inverse;
      deathHazard[block] = inverse;
      deathHazardMean[block] = mean * inverse;
      means[block] = mean;
      product *= s0;
      if (!(product < LARGE_PRODUCT && product > SMALL_PRODUCT)) {
        logs += Math.log(product);
        product = 1;
      }
      continue;
    }
    let d0 = 0;
    let d1 = 0;
    let d2 = 0;
    for (let i = from; i < from + d; i += 1) {
      const v = x[i]!;
      const w = weight[i]!;
      d0 += w;
      d1 += w * v;
      d2 += w * v * v;
    }
    let h = 0;
    let hMean = 0;
    let dh = 0;
    let dhMean = 0;
    let sum = 0;
    for (let k = 0; k < d; k += 1) {
      const share = k / d;
      const atRisk = s0 - share * d0;
      const inverse = 1 / atRisk;
      const mean = (s1 - share * d1) * inverse;
      information += (s2 - share * d2) * inverse - mean * mean;
      sum += mean;
      h += inverse;
      hMean += mean * inverse;
      dh += (1 - share) * inverse;
      dhMean += (1 - share) * mean * inverse;
      logs += Math.log(atRisk);
    }
    meanSum += sum;
    hazard[block] = h;
    hazardMean[block] = hMean;
    deathHazard[block] = dh;
    deathHazardMean[block] = dhMean;
    means[block] = sum / d;
  }
  at.logLikelihood = beta * at.deathSum - (logs + Math.log(product));
  at.score = at.deathSum - meanSum;
  at.information = information;
}
