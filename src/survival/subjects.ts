import { allocateLayout, layOut } from './layout.ts';
import type { Layout, SortedSubjects } from './layout.ts';

/** What all rows share: subjects in order of time, and who of them is at risk when. */
export interface Subjects {
  readonly n: number;
  readonly events: number;
  readonly sorted: SortedSubjects;
  readonly layout: Layout;
}

/**
 * Sorts subjects and lays out their risk sets, once for all rows.
 * @param times n numbers, finite and not negative, in any unit; differences below 1.5e-8 are none, see `layout.ts`
 * @param events n of 0 (censored) and 1
 */
export function prepareSubjects(times: ArrayLike<number>, events: ArrayLike<number>): Subjects {
  const n = times.length;
  const byTime = (a: number, b: number): number => (times[a] as number) - (times[b] as number) || a - b;
  const index = Uint32Array.from({ length: n }, (_, at) => at).sort(byTime);
  const sorted: SortedSubjects = {
    index,
    times: Float64Array.from(index, (at) => times[at] as number),
    events: Uint8Array.from(index, (at) => events[at] as number),
  };
  const layout = allocateLayout(n);
  layOut(sorted, n, layout);
  return { n, events: layout.events, sorted, layout };
}
