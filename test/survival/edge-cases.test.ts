import { describe, expect, it } from 'vitest';
import { fitCox, SurvivalError } from '../../src/survival/index.ts';
import type { SurvivalStatistics } from '../../src/survival/index.ts';
import { fitRow, readEdgeCases, readPublished, relativeError } from './data.ts';
import type { EdgeCase } from './data.ts';

/** Not answered at all, though R recodes events, drops subjects or fails within: which field is at fault. */
const REFUSED: Record<string, string> = {
  'zero-events': 'events',
  empty: 'events',
  'na-time': 'times',
  'inf-time-two': 'times',
  'events-coded-1-2': 'events',
  'events-with-2-mixed': 'events',
  'length-mismatch': 'values',
};

/** No figures, though R has some: noise (constants that it misses, a risk set of one) or an error (one subject, no value). */
const WITHOUT_FIGURES: Record<string, SurvivalStatistics['status']> = {
  'constant-2': 'constant',
  'constant-0.1': 'constant',
  'constant-0.3000-n480': 'constant',
  'constant-5.700-n480': 'constant',
  'constant-0.00001000-n300': 'constant',
  'constant-missed-hr-inf': 'constant',
  'one-event-last': 'constant',
  n1: 'constant',
  'na-all-predictor': 'no_events',
  'na-drops-all-events': 'no_events',
  'neg-inf-predictor': 'invalid',
};

/** The information that is left is 1e-9: R's digits beyond those of the coefficient are noise, and so are ours. */
const DIVERGED = ['separation-monotone-negative', 'separation-binary-scaled', 'n2-two-events-reversed'];

/** All who are at risk have the event at one time: every score residual is 0, where R divides noise by noise. */
const NO_RESIDUALS = ['n2-tied', 'timefix-chain'];

/** R loses digits (offsets: it takes residuals of values that are not centred) or leaves the range of doubles (scales). */
const R_IS_OFF = /^(?:offset-1e|scale-1e(?:300|-200|-308)$|nearly-constant-1ulp$)/;

const { cases } = readEdgeCases();
const breastCancer = readPublished('published-breast-cancer');

function caseOf(name: string): EdgeCase {
  return cases.find((each) => each.name === name)!;
}

function fitCase({ times, events, values }: EdgeCase): SurvivalStatistics {
  return fitRow(times, events, values.map(valueOf));
}

function valueOf(value: EdgeCase['values'][number]): number | null {
  if (value === 'Inf') return Number.POSITIVE_INFINITY;
  return value === '-Inf' ? Number.NEGATIVE_INFINITY : value;
}

/** p amplifies what relative error z has by z². */
function toleranceOfP(z: number): number {
  return 1e-14 + z * z * 1e-14;
}

it('every case is held against something', () => {
  const named = [...Object.keys(REFUSED), ...Object.keys(WITHOUT_FIGURES), ...DIVERGED, ...NO_RESIDUALS];
  expect(named.filter((name) => caseOf(name) === undefined)).toEqual([]);
  expect(cases).toHaveLength(49);
});

describe.each(Object.entries(REFUSED))('%s', (name, field) => {
  it(`is refused for its ${field}`, () => {
    expect(() => fitCase(caseOf(name))).toThrow(SurvivalError);
    expect(() => fitCase(caseOf(name))).toThrow(expect.objectContaining({ field }));
  });
});

describe.each(Object.entries(WITHOUT_FIGURES))('%s', (name, status) => {
  it(`is ${status}, without figures`, () => {
    const row = fitCase(caseOf(name));
    expect(row).toMatchObject({ status, coef: null, hazard: null, se: null, robust_se: null, z: null, pval: null });
    expect(row).toMatchObject({ log10_pval: null, ci95: [null, null], iterations: 0 });
    const { coxph } = caseOf(name).R;
    if (coxph) expect(row).toMatchObject({ n: coxph.n, events: coxph.nevent });
  });
});

describe.each(DIVERGED)('%s', (name) => {
  it('is diverged as in R, its coefficient and steps are R’s and it has no p', () => {
    const row = fitCase(caseOf(name));
    const { coef, iter } = caseOf(name).R.coxph!;
    expect(row).toMatchObject({ status: 'diverged', iterations: iter, z: null, pval: null, ci95: [null, null] });
    expect(row.log10_pval).toBeNull();
    expect(relativeError(row.coef, coef as number)).toBeLessThan(1e-8);
    expect(row.robust_se).toBeGreaterThan(0);
  });
});

describe.each(NO_RESIDUALS)('%s', (name) => {
  it('has the robust standard error 0 and no p', () => {
    const row = fitCase(caseOf(name));
    const { se_naive, iter } = caseOf(name).R.coxph!;
    expect(row).toMatchObject({ status: 'ok', iterations: iter, hazard: 1, robust_se: 0, z: null, pval: null });
    expect(Math.abs(row.coef!)).toBeLessThan(1e-15);
    expect(relativeError(row.se, se_naive as number)).toBeLessThan(1e-14);
  });
});

describe('where R is off, the values themselves say what is true', () => {
  const { times, events } = breastCancer;

  it.each([1e3, 1e8, 1e12])('values + %d are as good as the same without: taking it off again is exact', (offset) => {
    const { values } = caseOf(`offset-1e${Math.log10(offset)}`);
    const shifted = fitRow(times, events, values as number[]);
    const plain = fitRow(
      times,
      events,
      (values as number[]).map((value) => value - offset),
    );
    expect(shifted.iterations).toBe(plain.iterations);
    expect(relativeError(shifted.coef, plain.coef!)).toBeLessThan(1e-14);
    expect(relativeError(shifted.se, plain.se!)).toBeLessThan(1e-14);
    expect(relativeError(shifted.robust_se, plain.robust_se!)).toBeLessThan(1e-14);
    expect(relativeError(shifted.z, plain.z!)).toBeLessThan(1e-14);
    expect(relativeError(shifted.pval, plain.pval!)).toBeLessThan(toleranceOfP(shifted.z!));
  });

  it.each([1e300, 1e-200, 1e-308])('values × %d have the same z and p, and the coefficient divided by it', (factor) => {
    const scaled = fitCase(caseOf(`scale-${factor.toExponential().replace('+', '')}`));
    const plain = fitRow(times, events, breastCancer.values_by_record[0]!);
    // Of 1e-308 times a value not all digits are left.
    const tolerance = factor === 1e-308 ? 1e-13 : 1e-14;
    expect(scaled.status).toBe('ok');
    expect(relativeError(scaled.z, plain.z!)).toBeLessThan(tolerance);
    expect(relativeError(scaled.pval, plain.pval!)).toBeLessThan(10 * tolerance);
    expect(relativeError(scaled.coef! * factor, plain.coef!)).toBeLessThan(tolerance);
    expect(relativeError(scaled.se! * factor, plain.se!)).toBeLessThan(tolerance);
    expect(relativeError(scaled.robust_se! * factor, plain.robust_se!)).toBeLessThan(tolerance);
    expect(scaled.hazard).toBe(factor > 1 ? 1 : null);
  });

  it('one value that differs in the last bit is an indicator of its subject', () => {
    const { values } = caseOf('nearly-constant-1ulp');
    const nearly = fitRow(times, events, values as number[]);
    const indicator = fitRow(
      times,
      events,
      (values as number[]).map((value) => (value === 2 ? 0 : 1)),
    );
    expect(nearly).toMatchObject({ status: 'ok', iterations: indicator.iterations, hazard: null });
    expect(relativeError(nearly.z, indicator.z!)).toBeLessThan(1e-12);
    expect(relativeError(nearly.coef! * 2 ** -51, indicator.coef!)).toBeLessThan(1e-12);
  });
});

const names = new Set([...Object.keys(REFUSED), ...Object.keys(WITHOUT_FIGURES), ...DIVERGED, ...NO_RESIDUALS]);
const agreeing = cases.filter(({ name }) => !names.has(name) && !R_IS_OFF.test(name));

describe.each(agreeing)('$name', (each) => {
  it('has the figures of R', () => {
    const { coef, exp_coef, se_naive, se_robust, z, p, iter, n, nevent } = each.R.coxph!;
    const row = fitCox({ times: each.times, events: each.events, values: [each.values as number[]] })[0]!;
    expect(row).toMatchObject({ status: nevent < 5 ? 'few_events' : 'ok', iterations: iter, n, events: nevent });
    expect(relativeError(row.coef, coef as number)).toBeLessThan(1e-13);
    expect(relativeError(row.se, se_naive as number)).toBeLessThan(1e-13);
    expect(relativeError(row.robust_se, se_robust as number)).toBeLessThan(1e-13);
    expect(relativeError(row.z, z as number)).toBeLessThan(1e-13);
    expect(relativeError(row.pval, p as number)).toBeLessThan(toleranceOfP(z as number));
    if (exp_coef !== 'Inf') expect(relativeError(row.hazard, exp_coef as number)).toBeLessThan(1e-13);
    else expect(row.hazard).toBeNull();
  });
});
