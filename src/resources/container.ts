import { documentOf } from '../engine/address.ts';
import { splitMarker } from '../engine/ownership.ts';
import type { Target } from '../engine/types.ts';
import { APPLIED_TAG, markerOf } from './marker.ts';

/** What types have in common whose objects have no tags: the tags of what contains them say whose they are. */

/**
 * The container's marker, speaking for what is in it. The engine does not look below a container that is another
 * document's; one that follows its document or its owner to a new name is marked before anything is written to it.
 *
 * @param owner the container's owner tag.
 */
export function markerThrough(
  target: Pick<Target, 'owner' | 'address' | 'formerOwners'>,
  owner: string | undefined,
): string | undefined {
  if (owner === undefined) return undefined;
  return [target.owner, ...(target.formerOwners ?? [])].includes(splitMarker(owner).owner) ? markerOf(target) : owner;
}

/** Is the container of the same document? Before a call that replaces or removes by the container's name. */
export function isInOurs(target: Pick<Target, 'owner' | 'address'>, owner: string | undefined): boolean {
  return owner !== undefined && documentOf(owner) === `${target.owner}/${documentOf(target.address)}`;
}

/** The tag that holds the stamp of one thing in a container, beside the container's own and not one of its managed tags. */
export function stampTag(name: string): string {
  return `${APPLIED_TAG}:${name}`;
}
