import { createComparison } from '../../fan-out/comparison.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { copyPlan } from '../../fan-out/copy-plan.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { admits } from '../../fan-out/filter.ts';
import type { Listing } from '../../resources/bucket-view.ts';
import type { FanOutDocument } from './fan-out-document.ts';

/** Objects of the source that a new destination does not have. */
export interface Backlog {
  readonly objects: readonly ListedObject[];
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

/** HeadObject and CopyObject. */
const SINGLE_REQUESTS = 2;
/** HeadObject, GetObjectTagging, CreateMultipartUpload and CompleteMultipartUpload; one more for each part. */
const PARTS_REQUESTS = 4;

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
  const objects = source.objects
    .filter(({ key: name, size }) => admits(filter, name, size))
    .flatMap((object) => {
      const difference = comparison.source(object);
      return difference?.is === 'missing' || difference?.is === 'stale' ? [object] : [];
    });
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  return {
    objects,
    bytes,
    crossRegionBytes: from.region === destination.region ? 0 : bytes,
    requests: objects.reduce((sum, { size }) => sum + requestsOf(size), 0),
    looked: source.objects.length,
    isAll: source.isAll && (there?.isAll ?? true),
  };
}

function requestsOf(size: number): number {
  const plan = copyPlan(size);
  return plan.kind === 'single' ? SINGLE_REQUESTS : PARTS_REQUESTS + plan.parts;
}
