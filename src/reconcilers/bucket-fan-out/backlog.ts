import type { BackfillEstimate } from '../../fan-out/backfill-result.ts';
import { createComparison } from '../../fan-out/comparison.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { admits } from '../../fan-out/filter.ts';
import type { Listing } from '../../resources/bucket-view.ts';
import { estimateBackfill, pagesOf } from './estimate.ts';
import type { FanOutDocument } from './fan-out-document.ts';

/** Objects of the source that a new destination does not have. */
export interface Backlog {
  readonly objects: readonly ListedObject[];
  /** Octets. */
  readonly bytes: number;
  /** Keys of the source that were looked at. */
  readonly looked: number;
  /** What a backfill takes. */
  readonly estimate: BackfillEstimate;
  /** Both listings were read to their ends. */
  readonly isAll: boolean;
}

type Rules = Pick<FanOutDocument, 'address' | 'source' | 'filter' | 'key' | 'destination'>;

/**
 * Holds the source's listing against the destination's.
 *
 * @param there undefined: it could not be listed, and none counts as there
 */
export function backlogOf(rules: Rules, source: Listing, there: Listing | undefined): Backlog {
  const { filter, key, destination } = rules;
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
  const pages = pagesOf(source.objects.length) + pagesOf(there?.objects.length ?? 0);
  return {
    objects,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    looked: source.objects.length,
    estimate: estimateBackfill(rules, objects, { pages, rowReads: 0, heads: 0 }),
    isAll: source.isAll && (there?.isAll ?? true),
  };
}
