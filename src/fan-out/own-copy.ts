import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import type { Head } from './ledger.ts';
import { isCopyOf, MARKER } from './loop-marker.ts';

/**
 * May what stands at a destination's key be deleted, of which the head says that its source is gone? It is ours where a
 * copy of that source was seen to land there, or its marker says that it is one. What another key's copy is stays while that
 * key is there. What was copied before there was a fan-out has no marker: it is deleted where no other key can have that
 * place, the filter admits it, and the deletion hides it only.
 *
 * @param landedBy key of a source an attempt for which may have landed a copy there
 */
export async function isOwnCopy<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  { sourceKey, destinationKey, stands }: Head,
  landedBy: string | undefined,
): Promise<boolean> {
  const { buckets, marks } = world;
  if (stands?.sourceKey === sourceKey) return true;
  if (stands && (await buckets.look(stands.sourceKey)) === undefined) return true;
  const found = await buckets.standing(destinationKey);
  if (!found) return false;
  const marker = found.metadata[MARKER];
  const keys = [sourceKey, ...(landedBy === undefined ? [] : [landedBy])];
  if (keys.some((key) => isCopyOf(marker, marks, { sourceKey: key, destinationKey }))) return true;
  return world.mapsOneToOne && found.isVersion && world.admits(sourceKey, found.size);
}
