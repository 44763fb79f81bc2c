import { isSignificant } from '../../survival/run-result.ts';
import type { SurvivalStatus } from '../../survival/types.ts';

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
  /** Name of the row, unescaped; asked for labelled rows alone. */
  label(index: number): string;
}

/** More names than this are read in the table of results, not in a drawing. */
export const MOST_LABELS = 200;

/** Where there is no hit, the smallest p still tell where to look; more names would cover the others. */
const LABELS_WITHOUT_HITS = 5;

/** What a mark says: a hit that raises or lowers the hazard, no hit, or a row whose p is not to be trusted. */
export type VolcanoClass = 'up' | 'down' | 'plain' | 'few';

/** Why a row is not drawn. */
type Undrawn = Exclude<SurvivalStatus, 'ok' | 'few_events'> | 'no_p';

export interface Sorted {
  /** Indices of the drawn rows, by class. */
  readonly rows: Readonly<Record<VolcanoClass, readonly number[]>>;
  readonly undrawn: ReadonlyMap<Undrawn, number>;
  /** The largest log10 p of a hit. */
  readonly threshold: number | undefined;
  /** Indices of the rows to label, the smallest p first: hits, or where there is none a few others. */
  readonly labelled: readonly number[];
}

/** Which rows are drawn, as what, and which have their name beside them. */
export function sortPoints(points: VolcanoPoints, labels: number): Sorted {
  const rows: Record<VolcanoClass, number[]> = { up: [], down: [], plain: [], few: [] };
  const undrawn = new Map<Undrawn, number>();
  const hits = createBest(points, Math.min(labels, MOST_LABELS));
  const others = createBest(points, Math.min(labels, LABELS_WITHOUT_HITS));
  let threshold: number | undefined;
  for (let index = 0; index < points.count; index += 1) {
    const found = classOf(points, index);
    if (typeof found === 'object') {
      undrawn.set(found.undrawn, (undrawn.get(found.undrawn) ?? 0) + 1);
      continue;
    }
    rows[found].push(index);
    if (found === 'plain') others.offer(index);
    if (found !== 'up' && found !== 'down') continue;
    hits.offer(index);
    threshold = Math.max(threshold ?? -Infinity, points.log10P[index] ?? NaN);
  }
  return { rows, undrawn, threshold, labelled: threshold === undefined ? others.rows : hits.rows };
}

function classOf(points: VolcanoPoints, index: number): VolcanoClass | { readonly undrawn: Undrawn } {
  const status = points.status(index);
  if (status !== 'ok' && status !== 'few_events') return { undrawn: status };
  const coef = points.coef[index] ?? NaN;
  // A p of zero is drawn, at the edge; a coefficient that is no number has no place.
  if (!Number.isFinite(coef) || Number.isNaN(points.log10P[index] ?? NaN)) return { undrawn: 'no_p' };
  if (status === 'few_events') return 'few';
  if (!isSignificant(points.q[index] ?? NaN) || coef === 0) return 'plain';
  return coef > 0 ? 'up' : 'down';
}

/** The rows with the smallest p; of equal ones those with the larger effect, then the earlier. */
function createBest(points: VolcanoPoints, room: number): { rows: number[]; offer(index: number): void } {
  const rows: number[] = [];
  function isBefore(one: number, other: number): boolean {
    const [p, otherP] = [points.log10P[one] ?? NaN, points.log10P[other] ?? NaN];
    if (p !== otherP) return p < otherP;
    return Math.abs(points.coef[one] ?? NaN) > Math.abs(points.coef[other] ?? NaN);
  }
  return {
    rows,
    offer(index) {
      let place = rows.length;
      while (place > 0 && isBefore(index, rows[place - 1] ?? index)) place -= 1;
      if (place >= room) return;
      rows.splice(place, 0, index);
      if (rows.length > room) rows.pop();
    },
  };
}
