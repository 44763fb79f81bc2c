import { describe, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import { fitRow, relativeError } from './data.ts';

/** Six subjects, events of all, at times 1 to 6. */
const TIMES = [1, 2, 3, 4, 5, 6];
const ALL = [1, 1, 1, 1, 1, 1];

describe('diverged: each event falls to the highest value at risk, or each to the lowest', () => {
  it.each([
    { what: 'falling values', values: [6, 5, 4, 3, 2, 1] },
    { what: 'rising values', values: [1, 2, 3, 4, 5, 6] },
    { what: 'values that differ once', values: [1, 0, 0, 0, 0, 0] },
    { what: 'gaps of the last bit, beside a large value', values: [1e300, 1 + 2 ** -52, 1, 1, 1, 1] },
    { what: 'the smallest numbers', values: [1e-323, 5e-324, 0, 0, 0, 0] },
    { what: 'the largest', values: [1.7e308, 1e308, 0, -1e308, -1.6e308, -1.7e308] },
  ])('$what', ({ values }) => {
    const row = fitRow(TIMES, ALL, values);
    expect(row).toMatchObject({ status: 'diverged', z: null, pval: null, log10_pval: null, ci95: [null, null], n: 6 });
    for (const figure of [row.coef, row.hazard, row.se, row.robust_se]) {
      expect(figure === null || Number.isFinite(figure)).toBe(true);
    }
  });

  it('also of tied events, all of which are highest', () => {
    expect(fitRow([1, 1, 2, 3], [1, 1, 0, 1], [5, 5, 1, 0]).status).toBe('diverged');
    expect(fitRow([1, 1, 2, 3], [1, 1, 0, 1], [5, 4, 1, 0]).status).toBe('ok');
  });

  it('before few_events', () => {
    expect(fitRow([1, 2, 3], [1, 0, 0], [3, 1, 2], 5)).toMatchObject({ status: 'diverged', events: 1, pval: null });
  });

  it('not where a single event is not the highest: the maximum is finite, be it far', () => {
    const row = fitRow(TIMES, ALL, [6, 5, 4, 3, 1, 2]);
    expect(row.status).toBe('ok');
    expect(row.pval).toBeGreaterThan(0);
  });

  it('where the rule is met before a maximum that is out of sight: 1e-12 of a value is all that holds it', () => {
    const row = fitRow([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 0, 1, 0], [1, 1, 1, 1, 0, 0, 0, 1e-12]);
    expect(row).toMatchObject({ status: 'diverged', pval: null });
    expect(row.coef).toBeGreaterThan(10);
  });

  it('not of a coefficient near 0, beside which the last step is not small', () => {
    // Two mirrored halves, and a little of something else: the coefficient is about 1e-5.
    const times = [1, 2, 3, 4, 1, 2, 3, 4];
    const row = fitRow(times, [1, 1, 1, 1, 1, 1, 1, 1], [2, -1, 0.5, 1, -2, 1, -0.5, -1 + 1e-5]);
    expect(row.status).toBe('ok');
    expect(row.iterations).toBe(1);
    expect(Math.abs(row.coef!)).toBeLessThan(1e-4);
  });
});

describe('not_converged: 20 steps were not enough, though there is a maximum', () => {
  // The mean of all is far from those at risk: e^(coef · x) leaves the range of doubles, step after step. Figures of R 4.2.2.
  const times = [1, 2, 3, 4, 5, 6, 7];
  const events = [0, 0, 1, 0, 0, 0, 0];
  const values = [821, 925, 0.1, 0, 12, 1, 0.3];

  it('keeps coefficient and standard errors, and has no p', () => {
    const row = fitRow(times, events, values);
    expect(row).toMatchObject({ status: 'not_converged', iterations: 21, z: null, pval: null, log10_pval: null });
    expect(row.ci95).toEqual([null, null]);
    expect(relativeError(row.coef, -2.8129040651229205)).toBeLessThan(1e-9);
    expect(relativeError(row.hazard, Math.exp(-2.8129040651229205))).toBeLessThan(1e-9);
    expect(relativeError(row.se, 5.4669005802423554)).toBeLessThan(1e-9);
  });

  it('before few_events', () => {
    expect(fitRow(times, events, values, 5)).toMatchObject({ status: 'not_converged', events: 1 });
  });
});

describe('fitted, where R runs out of steps for the sake of who is never at risk', () => {
  // Its mean of all is 200 times the spread of those at risk away from them: e^(coef · x) leaves the range of doubles.
  const times = [0, 1, 2, 3, 0, 2, 2];
  const events = [0, 0, 0, 1, 0, 1, 0];
  const [far, near, first, fourth, death, last] = [
    3.69959465692841e-6, -1.1282562663350623e-7, -1.109490887133986e-7, -1.1251004046090499e-7, -1.1168811887393897e-7,
    -1.1191772551942643e-7,
  ];

  it('has the maximum of those at risk, whoever was censored before the first event', () => {
    const row = fitRow(times, events, [far, near, first, null, fourth, death, last]);
    const alone = fitRow([2, 2, 2], [0, 1, 0], [first, death, last]);

    expect(row).toMatchObject({ status: 'ok', n: 6, events: 1, iterations: 4 });
    expect(relativeError(row.coef, alone.coef!)).toBeLessThan(1e-11);
    expect(relativeError(row.robust_se, alone.robust_se!)).toBeLessThan(1e-11);
    // By 77 digits; R 4.2.2 stays at -1114827394.9.
    expect(relativeError(row.coef, -1206820882.18)).toBeLessThan(1e-10);
    expect(relativeError(row.pval, 0.4084709561)).toBeLessThan(1e-9);
  });
});

describe('few_events: figures are kept', () => {
  const times = [1, 2, 3, 4, 5, 6, 7];
  const events = [0, 1, 0, 1, 0, 1, 0];
  const values = [3, 1, 4, 1.5, 5, 9, 2];

  it.each([
    [0, 'ok'],
    [3, 'ok'],
    [4, 'few_events'],
    [undefined, 'few_events'],
  ])('3 events, at least %s wanted: %s', (minEvents, status) => {
    const [row] = fitCox({ times, events, values: [values], ...(minEvents !== undefined && { minEvents }) });
    expect(row).toMatchObject({ status, events: 3, n: 7 });
    expect(row!.pval).toBe(fitRow(times, events, values).pval);
    expect(row!.pval).toBeGreaterThan(0);
  });

  it('counts the events of those who have a value', () => {
    const [whole, without] = fitCox({ times, events, values: [values, [3, 1, 4, null, 5, 9, 2]], minEvents: 3 });
    expect(whole!.status).toBe('ok');
    expect(without).toMatchObject({ status: 'few_events', events: 2, n: 6 });
  });
});

describe('constant: nothing varies among those at risk', () => {
  it.each([0, -0, 1, -1, 0.1, 1 / 3, -26.28, 5e-324, 1e308, -1e308])('all %d', (value) => {
    const row = fitRow(
      TIMES,
      ALL,
      TIMES.map(() => value),
    );
    expect(row).toMatchObject({ status: 'constant', coef: null, hazard: null, se: null, pval: null, n: 6, events: 6 });
  });

  it.each([
    {
      what: 'what varies was censored before the first event',
      times: [1, 2, 3, 4],
      events: [0, 0, 1, 1],
      values: [7, 8, 1, 1],
    },
    { what: 'the same, large', times: [1, 2, 3, 4], events: [0, 0, 1, 1], values: [1e308, -1e308, 1, 1] },
    { what: 'one event, at the last time', times: [1, 2, 3], events: [0, 0, 1], values: [1, 2, 3] },
    { what: 'one subject', times: [1], events: [1], values: [1] },
  ])('$what', ({ times, events, values }) => {
    expect(fitRow(times, events, values)).toMatchObject({ status: 'constant', coef: null, pval: null });
  });

  it('before few_events and diverged, after no_events', () => {
    expect(fitRow([1, 2, 3], [1, 0, 0], [2, 2, 2], 5).status).toBe('constant');
    expect(fitRow([1, 2, 3], [1, 0, 0], [null, 2, 2], 5).status).toBe('no_events');
  });

  it('0 and -0 are one value', () => {
    expect(fitRow(TIMES, ALL, [0, -0, 0, -0, 0, -0]).status).toBe('constant');
  });
});

describe('values as large and as small as numbers are', () => {
  const values = [3, 1, 4, 1, 5, 9];
  const plain = fitRow(TIMES, ALL, values);

  it.each([
    2 ** 1000,
    2 ** 600,
    2 ** 500,
    2 ** 499,
    2 ** -499,
    2 ** -500,
    2 ** -503,
    2 ** -600,
    2 ** -1000,
    2 ** -1073,
  ])('times %d: the same z, p and steps', (factor) => {
    const row = fitRow(
      TIMES,
      ALL,
      values.map((value) => value * factor),
    );
    expect(row).toMatchObject({ status: 'ok', iterations: plain.iterations, z: plain.z, pval: plain.pval });
    const coef = plain.coef! / factor;
    expect(row.coef).toBe(Number.isFinite(coef) ? coef : null);
  });

  it('both at once', () => {
    const row = fitRow(TIMES, ALL, [1e308, -1e308, 5e-324, 1.7e308, 0, 1]);
    expect(row.status).toBe('ok');
    expect(row.pval).toBeGreaterThan(0);
  });

  it.each([0, 1e3, 1e18, 1.7e308, -1.7e308, 5e-324])(
    '%d of who is censored before the first event changes no figure',
    (far) => {
      const row = fitRow([0.5, ...TIMES], [0, ...ALL], [far, ...values]);
      expect(row).toMatchObject({ status: 'ok', n: 7, events: 6, iterations: plain.iterations });
      expect(relativeError(row.z, plain.z!)).toBeLessThan(1e-11);
      expect(relativeError(row.coef, plain.coef!)).toBeLessThan(1e-11);
    },
  );
});
