import { describe, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import { compareToReference } from './reference/agreement.ts';
import { problemOf } from './reference/problems.ts';

const SIZE = 1000;
const THOUSANDS = process.env['TRUEUP_THOROUGH'] ? 10 : 1;
/** About 5 seconds of a core that has nothing else to do. */
const TIMEOUT = 300_000;

describe('the estimator and the reference of 77 digits', () => {
  const starts = Array.from({ length: THOUSANDS }, (_, i) => i * SIZE + 1);

  it.each(starts)(
    'agree about the thousand random problems from number %i',
    (start) => {
      const differences: string[] = [];
      const statuses: Record<string, number> = {};
      let knifeEdges = 0;
      for (let seed = start; seed < start + SIZE; seed += 1) {
        const problem = problemOf(seed);
        const [answer] = fitCox({ ...problem, values: [problem.values] });
        const agreement = compareToReference(problem, answer!);
        differences.push(...agreement.differences.map((text) => `problem ${seed}: ${text}`));
        statuses[agreement.status] = (statuses[agreement.status] ?? 0) + 1;
        if (agreement.isKnifeEdge) knifeEdges += 1;
      }

      expect(differences).toEqual([]);
      // Told apart, not excused: they are rare.
      expect(knifeEdges).toBeLessThan(SIZE / 100);
      // The problems are such that something can go wrong.
      expect(statuses['ok']).toBeGreaterThan(SIZE / 3);
      expect(Object.keys(statuses)).toEqual(
        expect.arrayContaining(['few_events', 'constant', 'diverged', 'no_events']),
      );
    },
    TIMEOUT,
  );
});
