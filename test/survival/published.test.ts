import { describe, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import { readPublished, relativeError } from './data.ts';

const SETS = ['published-unit', 'published-breast-cancer'] as const;

describe.each(SETS)('%s', (name) => {
  const { times, events, values_by_record: values, expected } = readPublished(name);
  const rows = fitCox({ times, events, values });

  it.each([...expected.entries()])('row %i has the published figures', (row, { hazard, pval }) => {
    const statistics = rows[row]!;
    expect(statistics.status).toBe('ok');
    expect(relativeError(statistics.hazard, hazard)).toBeLessThan(1e-15);
    // The publication's p is 1 − P(χ² ≤ z²), which has steps of 1.1e-16.
    expect(Math.abs(statistics.pval! - pval)).toBeLessThan(2.3e-16);
    expect(relativeError(statistics.pval, pval)).toBeLessThan(1e-9);
  });
});

describe('figures that were not published, of R 4.2.2 with survival 3.5-3', () => {
  const rows = SETS.flatMap((name) => {
    const { times, events, values_by_record: values } = readPublished(name);
    return fitCox({ times, events, values });
  });

  it.each([
    { row: 0, coef: 0.045071943722847049, se: 0.010649146965751172, robust: 0.011191802302876775, iterations: 4 },
    { row: 2, coef: 0.33119647988418344, se: 0.15532059196228318, robust: 0.12034679193711385, iterations: 4 },
    { row: 3, coef: -0.043645812582490992, se: 0.13725934537308143, robust: 0.17020123151863367, iterations: 3 },
  ])('coefficient, standard errors and steps of row $row', ({ row, coef, se, robust, iterations }) => {
    const statistics = rows[row]!;
    expect(relativeError(statistics.coef, coef)).toBeLessThan(1e-14);
    expect(relativeError(statistics.se, se)).toBeLessThan(1e-14);
    expect(relativeError(statistics.robust_se, robust)).toBeLessThan(1e-14);
    expect(relativeError(statistics.z, coef / robust)).toBeLessThan(1e-14);
    expect(statistics.iterations).toBe(iterations);
    const [low, high] = statistics.ci95;
    expect(relativeError(low, Math.exp(coef - 1.959963984540054 * robust))).toBeLessThan(1e-14);
    expect(relativeError(high, Math.exp(coef + 1.959963984540054 * robust))).toBeLessThan(1e-14);
  });
});
