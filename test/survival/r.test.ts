import { beforeAll, expect, it } from 'vitest';
import { fitCox } from '../../src/survival/index.ts';
import type { SurvivalStatistics } from '../../src/survival/index.ts';
import { describeWith } from '../support/counterparts.ts';
import { askR } from '../support/r-cox.ts';
import type { CoxAnswer, CoxProblem } from '../support/r-cox.ts';
import { uniform } from '../support/volcano-points.ts';

const PROBLEMS = 1_500;
const SEED = 20_261_126;

interface Compared {
  readonly problem: CoxProblem;
  readonly ours: SurvivalStatistics;
  readonly r: CoxAnswer;
}

/**
 * Both take the same steps, as R's stopping rule is part of the definition, so that figures differ by rounding alone: by
 * 4e-13 at most over these problems, with Debian 12's R 4.2.2 and survival 3.5-3. What a library of exponentials or
 * another order of sums may add is far below this; Breslow's ties or the model's variance are seen at once.
 */
const TOLERANCE = 1e-11;

describeWith('r', "the estimator and R's coxph on random problems with ties", () => {
  let compared: readonly Compared[] = [];

  beforeAll(() => {
    const problems = randomProblems(PROBLEMS, SEED);
    const answers = askR(problems);
    compared = problems.map((problem, index) => {
      const values = problem.values.map((value) => (Number.isNaN(value) ? null : value));
      const [ours] = fitCox({ times: problem.times, events: problem.events, values: [values] });
      const r = answers[index];
      if (ours === undefined || r === undefined) throw new Error('an answer for every problem');
      return { problem, ours, r };
    });
  }, 120_000);

  function settled(): readonly Compared[] {
    return compared.filter(({ ours }) => ours.status === 'ok' || ours.status === 'few_events');
  }

  it('are asked what has ties, gaps and every size', () => {
    const tied = settled().filter(({ problem }) => hasTiedEvents(problem));

    expect(settled().length).toBeGreaterThan(PROBLEMS * 0.8);
    expect(tied.length).toBeGreaterThan(PROBLEMS * 0.5);
    expect(settled().filter(({ problem }) => problem.values.some(Number.isNaN)).length).toBeGreaterThan(100);
  });

  it('take the same number of steps', () => {
    const other = settled().filter(({ ours, r }) => ours.iterations !== r.iterations);

    expect(other.map(({ ours, r }) => `${ours.iterations} ${r.iterations}`)).toEqual([]);
  });

  it.each([
    { figure: 'coef', of: ({ coef }: SurvivalStatistics) => coef, ofR: ({ coef }: CoxAnswer) => coef, scale: inErrors },
    { figure: 'se', of: ({ se }: SurvivalStatistics) => se, ofR: ({ se }: CoxAnswer) => se, scale: relative },
    {
      figure: 'robust_se',
      of: ({ robust_se: se }: SurvivalStatistics) => se,
      ofR: ({ robustSe }: CoxAnswer) => robustSe,
      scale: relative,
    },
    { figure: 'z', of: ({ z }: SurvivalStatistics) => z, ofR: ({ z }: CoxAnswer) => z, scale: atLeastOne },
    { figure: 'pval', of: ({ pval }: SurvivalStatistics) => pval, ofR: ({ p }: CoxAnswer) => p, scale: inTail },
  ])('agree in $figure', ({ of, ofR, scale }) => {
    const apart = settled()
      .filter(({ r }) => !Number.isNaN(r.z))
      .flatMap(({ problem, ours, r }) => {
        const [one, other] = [of(ours) ?? NaN, ofR(r)];
        const difference = Math.abs(one - other) / scale(r, other);
        return difference <= TOLERANCE ? [] : [{ one, other, difference, ours, problem }];
      });

    expect(apart).toEqual([]);
  });

  it('agree in what has no answer', () => {
    const isFlagged = ({ status }: SurvivalStatistics): boolean => status === 'diverged' || status === 'not_converged';
    const flagged = compared.filter(({ ours }) => isFlagged(ours));
    const unlike = compared.filter(({ ours, r }) => isFlagged(ours) !== r.hasWarned);
    const constant = compared.filter(({ ours }) => ours.status === 'constant' || ours.status === 'no_events');

    expect(flagged.length).toBeGreaterThan(20);
    expect(unlike).toEqual([]);
    expect(settled().filter(({ r }) => Number.isNaN(r.coef))).toEqual([]);
    expect(constant.filter(({ r }) => !Number.isNaN(r.coef))).toEqual([]);
  });
});

function relative(_: CoxAnswer, figure: number): number {
  return Math.abs(figure);
}

function inErrors({ se }: CoxAnswer, coef: number): number {
  return Math.max(Math.abs(coef), se);
}

function atLeastOne(_: CoxAnswer, z: number): number {
  return Math.max(Math.abs(z), 1);
}

/** A relative error of z is one of z squared times as much in p. */
function inTail({ z }: CoxAnswer, p: number): number {
  return p * Math.max(z * z, 1);
}

function hasTiedEvents({ times, events, values }: CoxProblem): boolean {
  const seen = new Set<number>();
  return times.some((time, index) => {
    if (events[index] !== 1 || Number.isNaN(values[index])) return false;
    if (seen.has(time)) return true;
    seen.add(time);
    return false;
  });
}

/** Whole and broken times, heavy and light ties, predictors that are normal, counted, two-valued or far from 0. */
function randomProblems(count: number, seed: number): readonly CoxProblem[] {
  const draw = uniform(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return Array.from({ length: count }, (_, index): CoxProblem => {
    const size = 8 + Math.floor(draw() ** 2 * 150);
    const effect = normal() * 0.7;
    const [days, censored] = [[4, 12, 60, 5_000][index % 4] ?? 4, 0.1 + draw() * 0.7];
    const gaps = index % 5 === 0 ? 0.15 : 0;
    const raw = Array.from({ length: size }, normal);
    const times = raw.map((x) => Math.ceil((-Math.log(1 - draw()) * days) / 3 / Math.exp(effect * x)));
    const events = raw.map(() => (draw() < censored ? 0 : 1));
    events[0] = 1;
    const shown = [
      (x: number) => x,
      (x: number) => Math.round(x * 2),
      (x: number) => (x > 0.3 ? 1 : 0),
      (x: number) => 50 + x * 20,
      (x: number) => Math.exp(2 * x),
    ][Math.floor(draw() * 5)];
    const values = raw.map((x) => (draw() < gaps ? NaN : (shown?.(x) ?? x)));
    return { times: times.map((time) => (index % 3 === 0 ? time / 7 : time)), events, values };
  });
}
