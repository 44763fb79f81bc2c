import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import type { Head, Named } from './ledger.ts';

/** Of an object under a customer's key not even the size is told. */
export function isAdmitted<Source extends SourceObject>(
  world: Pick<FanOutWorld<Source>, 'admits'>,
  sourceKey: string,
  { barred, size }: Source,
): boolean {
  return barred === 'customer-key' || world.admits(sourceKey, size);
}

/**
 * Another key has the place, is there, and would be copied there today: who is gone at the source, by an event or unheard
 * of, leaves it, and so does whom rules have given another place, or none.
 */
export async function hasPlace<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  seen: Head,
  { sourceKey, destinationKey }: Pick<Named, 'sourceKey' | 'destinationKey'>,
): Promise<boolean> {
  // Another key with the same hash: as good as taken.
  if (seen.destinationKey !== destinationKey) return true;
  if (seen.sourceKey === sourceKey || world.destinationKeyOf(seen.sourceKey) !== destinationKey) return false;
  const holder = await world.buckets.look(seen.sourceKey);
  return holder !== undefined && isAdmitted(world, seen.sourceKey, holder);
}
