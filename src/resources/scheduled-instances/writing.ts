import type { Aws } from '../../aws/clients.ts';
import type { Place } from '../../engine/types.ts';
import { canonical } from '../../engine/value.ts';
import { instanceWrites } from '../instance-writes.ts';
import type { Tags } from '../marker.ts';
import type { TagChange } from './selection.ts';

/** Instances of one call: EC2 takes 1,000 and advises batches far below (API reference, CreateTags). */
const BATCH = 100;

/**
 * Takes one step: one call. What is set is set together with its stamp, and an owner's own value is put back before the
 * stamp goes: what a crash leaves is still known to be ours.
 *
 * @returns whether another step is needed.
 */
export async function writeTags(aws: Aws, place: Place, changes: readonly TagChange[]): Promise<boolean> {
  const [first] = [...changes].sort((a, b) => size(b.set) - size(a.set));
  if (!first) return false;
  const writes = await instanceWrites(aws, place);
  if (size(first.set) > 0) {
    const same = changes.filter(({ set }) => canonical(set) === canonical(first.set)).slice(0, BATCH);
    await writes.setTags(idsOf(same), first.set);
    return same.length < changes.length || same.some(({ remove }) => remove.length > 0);
  }
  const same = changes.filter(({ remove }) => canonical(remove) === canonical(first.remove)).slice(0, BATCH);
  await writes.removeTags(idsOf(same), first.remove);
  return same.length < changes.length;
}

function size(tags: Tags): number {
  return Object.keys(tags).length;
}

function idsOf(changes: readonly TagChange[]): string[] {
  return changes.map(({ instance }) => instance.id);
}
