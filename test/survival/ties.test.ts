import { describe, expect, it } from 'vitest';
import { fitRow, relativeError } from './data.ts';

/**
 * Efron's likelihood of one set of tied events, spelt out: of subjects 0 (value 0), 1 (value 1) with events at one time and
 * 2 (value a), censored then: log L(β) = β − log(1 + e^β + e^(aβ)) − log((1 + e^β)/2 + e^(aβ)).
 */
describe('two of three tied', () => {
  const a = 3;
  const row = fitRow([1, 1, 1], [1, 1, 0], [0, 1, a]);
  const beta = row.coef!;
  const e = Math.exp(beta);
  const ea = Math.exp(a * beta);

  function terms(share: number): { mean: number; information: number; total: number } {
    const total = (1 - share) * (1 + e) + ea;
    const mean = ((1 - share) * e + a * ea) / total;
    return { total, mean, information: ((1 - share) * e + a * a * ea) / total - mean * mean };
  }
  const [whole, half] = [terms(0), terms(1 / 2)];

  it('has its maximum where the derivative is 0', () => {
    expect(Math.abs(1 - whole.mean - half.mean)).toBeLessThan(1e-4);
  });

  it('has the standard error of its second derivative', () => {
    expect(relativeError(row.se, 1 / Math.sqrt(whole.information + half.information))).toBeLessThan(1e-14);
  });

  it('has score residuals in which an event is exposed to half of the second term', () => {
    const middle = (whole.mean + half.mean) / 2;
    const death = (x: number, w: number): number =>
      x - middle - w * ((x - whole.mean) / whole.total + ((x - half.mean) / half.total) * (1 / 2));
    const censored = -ea * ((a - whole.mean) / whole.total + (a - half.mean) / half.total);
    const squares = death(0, 1) ** 2 + death(1, e) ** 2 + censored ** 2;
    expect(relativeError(row.robust_se, Math.sqrt(squares) / (whole.information + half.information))).toBeLessThan(
      1e-13,
    );
  });
});

describe('ties', () => {
  const times = [1, 1, 1, 2, 2, 3, 3, 3, 3, 4];
  const events = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0];
  const values = [0.2, 1.4, -0.3, 2.2, 0.1, -1.7, 0.6, 0.9, -0.2, 0.4];

  it('are in no order: subjects may come in any', () => {
    const plain = fitRow(times, events, values);
    const order = [9, 3, 6, 0, 8, 2, 5, 1, 7, 4];
    const moved = fitRow(
      order.map((at) => times[at]!),
      order.map((at) => events[at]!),
      order.map((at) => values[at]!),
    );
    expect(moved).toMatchObject({ status: 'ok', iterations: plain.iterations });
    expect(relativeError(moved.coef, plain.coef!)).toBeLessThan(1e-13);
    expect(relativeError(moved.se, plain.se!)).toBeLessThan(1e-13);
    expect(relativeError(moved.robust_se, plain.robust_se!)).toBeLessThan(1e-13);
    expect(relativeError(moved.pval, plain.pval!)).toBeLessThan(1e-13);
  });

  it('of many events take the memory and the time of a sum', () => {
    const n = 20_000;
    const row = fitRow(
      Array.from({ length: n }, () => 1),
      Array.from({ length: n }, (_, at) => at % 2),
      Array.from({ length: n }, (_, at) => Math.sin(at)),
    );
    expect(row).toMatchObject({ status: 'ok', events: n / 2 });
  });
});
