import { documentAddress } from '../../engine/address.ts';
import type { Action, GuardTrip } from '../../engine/types.ts';
import { SCHEDULED_INSTANCES } from '../../resources/scheduled-instances/types.ts';
import type { InstanceSchedule } from './places.ts';

/** Tags that would change, over all places: a selector that became wider by one word stops production (threats T88). */
export function guards(document: InstanceSchedule, actions: readonly Action[]): readonly GuardTrip[] {
  const { count, percent, from } = document.spec.guards.stamps;
  const extents = actions
    .filter(({ type }) => type === SCHEDULED_INSTANCES)
    .flatMap(({ changes }) => changes.flatMap(({ extent }) => extent ?? []));
  const moved = extents.reduce((sum, extent) => sum + extent.create + extent.update + extent.delete, 0);
  const population = extents.reduce((sum, extent) => sum + extent.population, 0);
  const share = (100 * moved) / Math.max(1, population);
  const isWide = population >= from && share > percent;
  if (moved <= count && !isWide) return [];
  const address = documentAddress(document);
  const limit = moved > count ? `limit ${count}` : `limit ${percent} %`;
  const figure = (value: number): string => value.toLocaleString('en-US');
  return [
    {
      code: 'stamps',
      document: address,
      message: `${address} would change the schedule of ${figure(moved)} instances, ${figure(population)} have one (${limit})`,
      hint: 'usual causes: a selector became wider; a tag of many instances changed\nthe instances and what happens to them stand above: trueup plan --format json has all of them',
    },
  ];
}
