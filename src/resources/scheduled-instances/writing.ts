import { CreateTagsCommand, DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Aws } from '../../aws/clients.ts';
import type { Place } from '../../engine/types.ts';
import { canonical } from '../../engine/value.ts';
import { tagList } from '../marker.ts';
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
  const client = await aws.client(EC2Client, place);
  if (size(first.set) > 0) {
    const same = changes.filter(({ set }) => canonical(set) === canonical(first.set)).slice(0, BATCH);
    await client.send(new CreateTagsCommand({ Resources: idsOf(same), Tags: tagList(first.set) }));
    return same.length < changes.length || same.some(({ remove }) => remove.length > 0);
  }
  const same = changes.filter(({ remove }) => canonical(remove) === canonical(first.remove)).slice(0, BATCH);
  const Tags = first.remove.map((Key) => ({ Key }));
  await client.send(new DeleteTagsCommand({ Resources: idsOf(same), Tags }));
  return same.length < changes.length;
}

function size(tags: Tags): number {
  return Object.keys(tags).length;
}

function idsOf(changes: readonly TagChange[]): string[] {
  return changes.map(({ instance }) => instance.id);
}
