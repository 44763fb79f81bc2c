import type { VolcanoPoints } from '../../src/report/volcano.ts';
import type { SurvivalStatus } from '../../src/survival/types.ts';

/** One row of a drawing, as tests write it. */
export interface Row {
  readonly coef?: number;
  readonly log10P?: number;
  readonly q?: number;
  readonly status?: SurvivalStatus;
  readonly name?: string;
}

/** Rows as columns. */
export function columnsOf(rows: readonly Row[]): VolcanoPoints {
  return {
    count: rows.length,
    coef: Float64Array.from(rows, ({ coef }) => coef ?? NaN),
    log10P: Float64Array.from(rows, ({ log10P }) => log10P ?? NaN),
    q: Float64Array.from(rows, ({ q }) => q ?? NaN),
    status: (index) => rows[index]?.status ?? 'ok',
    label: (index) => rows[index]?.name ?? `GENE${index}`,
  };
}

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Rows as a study gives them: most without an effect, some with one, a few of every status. q follows from p as
 * Benjamini and Hochberg's does.
 */
export function studyRows(count: number, seed: number): readonly Row[] {
  const draw = uniform(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const flags = ['diverged', 'not_converged', 'constant', 'no_events', 'invalid'] as const;
  const rows = Array.from({ length: count }, (_, index): Row => {
    const name = `GENE${index}`;
    const lot = draw();
    const [effect, noise] = [draw() < 0.03 ? normal() * 0.7 : 0, normal()];
    const se = 0.08 + draw() ** 2 * 0.4;
    const coef = effect + noise * se;
    const log10P = log10OfZ(coef / se);
    if (lot < 0.005) return { status: flags[index % flags.length] ?? 'invalid', coef: 21, name };
    if (lot < 0.015) return { status: 'few_events', coef: coef * 2, log10P: log10P * 3, name };
    return { coef, log10P, name };
  });
  return withQ(rows);
}

/** Mills' ratio by its continued fraction is enough for a drawing's p. */
function log10OfZ(z: number): number {
  const x = Math.abs(z);
  if (x < 1.5) return Math.log10(1 - 0.7979 * (x - x ** 3 / 6 + x ** 5 / 40 - x ** 7 / 336));
  let fraction = x;
  for (let k = 20; k >= 1; k -= 1) fraction = x + k / fraction;
  return Math.log10(2 / Math.sqrt(2 * Math.PI)) - (x * x) / (2 * Math.LN10) - Math.log10(fraction);
}

function withQ(rows: readonly Row[]): readonly Row[] {
  const tested = rows.flatMap((row, index) =>
    (row.status ?? 'ok') === 'ok' ? [{ index, log10P: row.log10P ?? 0 }] : [],
  );
  tested.sort((one, other) => other.log10P - one.log10P);
  const q = new Map<number, number>();
  let least = 1;
  for (const [place, { index, log10P }] of tested.entries()) {
    least = Math.min(least, (10 ** log10P * tested.length) / (tested.length - place));
    q.set(index, least);
  }
  return rows.map((row, index) => (q.has(index) ? { ...row, q: q.get(index) ?? 1 } : row));
}
