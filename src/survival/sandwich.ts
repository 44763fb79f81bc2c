import type { Layout } from './layout.ts';
import type { Workspace } from './workspace.ts';

/**
 * Σ r², r the score residual of a subject at the coefficient evaluated last (Lin & Wei 1989):
 * its event's x − mean at risk, less e^(βx) ∫ (x − mean) dΛ over the time at which it is at risk. All of a block have been
 * exposed to one cumulative hazard, so that this is one step a subject.
 */
export function squaredResiduals(layout: Layout, work: Workspace): number {
  const { blocks, start, deaths } = layout;
  const { x, weight, mean, hazard, hazardMean, deathHazard, deathHazardMean } = work;
  let cumulative = 0;
  let cumulativeMean = 0;
  let sum = 0;
  for (let block = 0; block < blocks; block += 1) {
    const from = start[block] as number;
    const to = start[block + 1] as number;
    const censored = from + (deaths[block] as number);
    const centre = mean[block] as number;
    const own = cumulative + (deathHazard[block] as number);
    const ownMean = cumulativeMean + (deathHazardMean[block] as number);
    for (let i = from; i < censored; i += 1) {
      const v = x[i] as number;
      const residual = v - centre + (weight[i] as number) * (ownMean - v * own);
      sum += residual * residual;
    }
    cumulative += hazard[block] as number;
    cumulativeMean += hazardMean[block] as number;
    for (let i = censored; i < to; i += 1) {
      const residual = (weight[i] as number) * (cumulativeMean - (x[i] as number) * cumulative);
      sum += residual * residual;
    }
  }
  return sum;
}
