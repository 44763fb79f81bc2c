import { describe, expect, it } from 'vitest';
import { fitCox } from '../../../src/survival/index.ts';
import type { SurvivalStatistics } from '../../../src/survival/index.ts';
import { compareToReference } from './agreement.ts';

const PROBLEM = {
  times: [1, 1, 2, 3, 3, 4, 5, 5, 6, 7],
  events: [1, 1, 0, 1, 0, 1, 1, 1, 0, 1],
  values: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
  minEvents: 5,
};
const [ANSWER] = fitCox({ ...PROBLEM, values: [PROBLEM.values] });

function differ(changes: Partial<SurvivalStatistics>): readonly string[] {
  return compareToReference(PROBLEM, { ...ANSWER!, ...changes }).differences.map((text) => text.split(':')[0]!);
}

describe('the comparison with the reference', () => {
  it('finds nothing where the answer is right', () => {
    expect(differ({})).toEqual([]);
  });

  it.each<[keyof SurvivalStatistics, number]>([
    ['coef', 1e-9],
    ['hazard', 1e-9],
    ['se', 1e-9],
    ['robust_se', 1e-9],
    ['z', 1e-9],
    ['pval', 1e-8],
    ['log10_pval', 1e-8],
  ])('finds %s that is off by %f of itself', (name, error) => {
    expect(differ({ [name]: Number(ANSWER![name]) * (1 + error) })).toEqual([name]);
    expect(differ({ [name]: null })).toEqual([name]);
  });

  it('finds another status, count, number of steps, or limit', () => {
    const [low, high] = ANSWER!.ci95;
    expect(differ({ status: 'few_events' })).toEqual(['status']);
    expect(differ({ n: 9 })).toEqual(['n']);
    expect(differ({ events: 6 })).toEqual(['events']);
    expect(differ({ iterations: ANSWER!.iterations + 1 })).toEqual(['iterations']);
    expect(differ({ ci95: [low, high! * (1 + 1e-8)] })).toEqual(['ci95[1]']);
    expect(differ({ ci95: [low! * (1 + 1e-8), high] })).toEqual(['ci95[0]']);
  });
});
