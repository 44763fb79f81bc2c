import type { LeasePlace } from '../resources/lease/open.ts';
import type { Project } from './project.ts';

/** Where Settings put the lease of an estate. */
export function leasePlaceOf({ estate, settings, defaultAccount }: Project): LeasePlace {
  const { bucket, table } = settings.lease;
  return {
    // An estate that changes its owner keeps its lease: applies by the old Settings and by the new exclude each other.
    owner: estate.firstOwner,
    place: { account: defaultAccount.id, region: settings.defaultRegion },
    ...(bucket !== undefined && { bucket }),
    ...(table !== undefined && { table }),
    tags: estate.tags,
  };
}
