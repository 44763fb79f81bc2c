import type { Effect, Value } from '../../engine/types.ts';
import { TIMELINE_CODE } from '../../resources/scheduled-instances/timeline.ts';

/** One timeline of all places: readers of a plan look for one. */
export function effects(all: readonly Effect[]): readonly Effect[] {
  const timelines = all.filter(({ code }) => code === TIMELINE_CODE);
  const [first] = timelines;
  if (!first) return all;
  const instances = timelines.flatMap(({ data }) => data['instances'] as readonly Value[]);
  return [{ ...first, data: { ...first.data, instances } }, ...all.filter(({ code }) => code !== TIMELINE_CODE)];
}
