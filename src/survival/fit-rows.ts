import { clearRow, markInvalid, statusCode } from './columns.ts';
import type { FitColumns } from './columns.ts';
import { gather } from './gather.ts';
import { allocateLayout, layOut } from './layout.ts';
import type { Layout, SortedSubjects } from './layout.ts';
import { maximise } from './newton.ts';
import { record } from './record.ts';
import { scale } from './scale.ts';
import type { Scaling } from './scale.ts';
import type { Subjects } from './subjects.ts';
import type { Workspace } from './workspace.ts';
import { allocateWorkspace } from './workspace.ts';

export { allocateColumns, readRow } from './columns.ts';
export type { FitColumns } from './columns.ts';

/** Fewer events than this give a robust standard error that is far too small: with one event p can be 1e-15 of nothing. */
export const DEFAULT_MIN_EVENTS = 5;

const CONSTANT = statusCode('constant');
const NO_EVENTS = statusCode('no_events');

export interface RowFitter {
  /**
   * Fits the row of n values at `offset` of `matrix` and writes its statistics to `row` of `columns`. NaN is a subject
   * without a value, who takes no part; an infinite value makes the row `invalid`. Makes no object.
   */
  fit(matrix: Float64Array, offset: number, columns: FitColumns, row: number): void;
}

/** What fits rows of one set of subjects, with room of its own: about 100 octets a subject. */
export function createRowFitter(subjects: Subjects, options: { readonly minEvents?: number } = {}): RowFitter {
  const { minEvents = DEFAULT_MIN_EVENTS } = options;
  const work = allocateWorkspace(subjects.n);
  const scaling: Scaling = { factor: 1, power: 1 };
  let partial: Partial | undefined;

  function fit(matrix: Float64Array, offset: number, columns: FitColumns, row: number): void {
    if (gather(subjects.layout, work.raw, matrix, offset)) {
      fitGathered(subjects.layout, work, scaling, minEvents, columns, row);
      return;
    }
    const infinite = indexOfInfinite(matrix, offset, subjects.n);
    if (infinite >= 0) {
      markInvalid(columns, row, infinite);
      return;
    }
    partial ??= allocatePartial(subjects.n);
    layOutThoseWithValue(subjects.sorted, matrix, offset, partial);
    gather(partial.layout, work.raw, matrix, offset);
    fitGathered(partial.layout, work, scaling, minEvents, columns, row);
  }
  return { fit };
}

function fitGathered(
  layout: Layout,
  work: Workspace,
  scaling: Scaling,
  minEvents: number,
  columns: FitColumns,
  row: number,
): void {
  clearRow(columns, row);
  columns.n[row] = layout.n;
  columns.events[row] = layout.events;
  if (layout.events === 0) columns.status[row] = NO_EVENTS;
  else if (!scale(layout, work, scaling)) columns.status[row] = CONSTANT;
  else {
    columns.iterations[row] = maximise(layout, work);
    record(layout, work, scaling, minEvents, columns, row);
  }
}

/** Room for the subjects who have a value, in rows where some have none. */
interface Partial {
  readonly sorted: SortedSubjects;
  readonly layout: Layout;
}

function allocatePartial(n: number): Partial {
  const sorted = { index: new Uint32Array(n), times: new Float64Array(n), events: new Uint8Array(n) };
  return { sorted, layout: allocateLayout(n) };
}

/** As if the others had never been there, also for which times are one. */
function layOutThoseWithValue(all: SortedSubjects, matrix: Float64Array, offset: number, partial: Partial): void {
  const { index, times, events } = partial.sorted;
  let count = 0;
  for (let i = 0; i < all.index.length; i += 1) {
    const subject = all.index[i] as number;
    if (Number.isNaN(matrix[offset + subject])) continue;
    index[count] = subject;
    times[count] = all.times[i] as number;
    events[count] = all.events[i] as number;
    count += 1;
  }
  layOut(partial.sorted, count, partial.layout);
}

function indexOfInfinite(matrix: Float64Array, offset: number, n: number): number {
  for (let i = 0; i < n; i += 1) if (Math.abs(matrix[offset + i] as number) === Number.POSITIVE_INFINITY) return i;
  return -1;
}
