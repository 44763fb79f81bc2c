import { describe, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import { compareToReference } from './reference/agreement.ts';
import { referenceFit } from './reference/cox.ts';
import { problemOf } from './reference/problems.ts';

const SIZE = 1000;
const THOUSANDS = process.env['TRUEUP_THOROUGH'] ? 10 : 1;
/**
 * In it R and the rule run out of steps: risks are beyond the numbers of double precision where the predictor has its zero at
 * the mean of all, which is far from those at risk. The estimator takes it from their mean then, and goes on to the maximum.
 */
const BEYOND_R = 5880;
/** About 5 seconds of a core that has nothing else to do. */
const TIMEOUT = 300_000;

describe('the estimator and the reference of 77 digits', () => {
  const starts = Array.from({ length: THOUSANDS }, (_, i) => i * SIZE + 1);

  it.each(starts)(
    'agree about the thousand random problems from number %i',
    (start) => {
      const differences: string[] = [];
      const statuses: Record<string, number> = {};
      for (let seed = start; seed < start + SIZE; seed += 1) {
        const problem = problemOf(seed);
        const [answer] = fitCox({ ...problem, values: [problem.values] });
        const agreement = compareToReference(problem, answer!, seed === BEYOND_R ? { isUnlimited: true } : {});
        differences.push(...agreement.differences.map((text) => `problem ${seed}: ${text}`));
        statuses[agreement.status] = (statuses[agreement.status] ?? 0) + 1;
      }

      expect(differences).toEqual([]);
      // The problems are such that something can go wrong.
      expect(statuses['ok']).toBeGreaterThan(SIZE / 3);
      expect(Object.keys(statuses)).toEqual(
        expect.arrayContaining(['few_events', 'constant', 'diverged', 'no_events']),
      );
    },
    TIMEOUT,
  );

  it('agree about what R has no answer to, but for the limit of the risks', () => {
    const problem = problemOf(BEYOND_R);
    const [answer] = fitCox({ ...problem, values: [problem.values] });

    expect(answer).toMatchObject({ status: 'few_events', iterations: 4, n: 6, events: 1 });
    expect(compareToReference(problem, answer!, { isUnlimited: true })).toEqual({
      differences: [],
      status: 'few_events',
    });
    expect(referenceFit(problem)).toMatchObject({ status: 'not_converged', figures: { iterations: 21 } });
  });
});
