import { createComparison } from '../../fan-out/comparison.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { estimateCopies } from '../../fan-out/estimate.ts';
import { admits } from '../../fan-out/filter.ts';
import type { Listing } from '../../resources/bucket-view.ts';
import type { FanOutDocument } from './fan-out-document.ts';

/** Objects of the source that a new destination does not have. */
export interface Backlog {
  readonly objects: readonly ListedObject[];
  /** Sources whose key another one has there: the first of the listing is taken for the one that has it. */
  readonly collisions: readonly { readonly key: string; readonly copyKey: string; readonly with: string }[];
  /** Octets. */
  readonly bytes: number;
  /** Octets that go to another region. */
  readonly crossRegionBytes: number;
  /** What copying them asks of S3, without what is tried again. */
  readonly requests: number;
  /** Keys of the source that were looked at. */
  readonly looked: number;
  /** Both listings were read to their ends. */
  readonly isAll: boolean;
}

type Rules = Pick<FanOutDocument, 'source' | 'filter' | 'key' | 'destination'>;

/**
 * Holds the source's listing against the destination's.
 *
 * @param there undefined: it could not be listed, and none counts as there
 */
export function backlogOf(
  { source: from, filter, key, destination }: Rules,
  source: Listing,
  there: Listing | undefined,
): Backlog {
  const comparison = createComparison(there?.objects ?? [], compileDestinationKey(key, destination.prefix), {
    // What a listing cannot tell is left to `verify`: here a copy of the same size is one.
    isPlain: false,
  });
  const collisions: Backlog['collisions'][number][] = [];
  const objects = source.objects
    // What is archived no backfill copies.
    .filter(({ key: name, size, isArchived }) => !isArchived && admits(filter, name, size))
    .flatMap((object) => {
      const difference = comparison.source(object);
      if (difference?.is === 'collision') {
        collisions.push({ key: object.key, copyKey: difference.destinationKey, with: difference.with });
      }
      return difference?.is === 'missing' || difference?.is === 'stale' ? [object] : [];
    });
  const sizes = objects.map(({ size }) => size);
  const { bytes, crossRegionBytes, s3Reads, s3Writes } = estimateCopies(sizes, from.region !== destination.region);
  return {
    objects,
    collisions,
    bytes,
    crossRegionBytes,
    requests: s3Reads + s3Writes,
    looked: source.objects.length,
    isAll: source.isAll && (there?.isAll ?? true),
  };
}
