import type { BackfillEstimate } from '../../fan-out/backfill-result.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { copyPlan } from '../../fan-out/copy-plan.ts';
import { estimateCopies } from '../../fan-out/estimate.ts';
import { MOST_ROWS } from '../../resources/fan-out/read-rows.ts';
import { workBatches } from './backfill-work.ts';
import type { FanOutDocument } from './fan-out-document.ts';

/**
 * What a backfill takes once it has compared: what copying asks, a call for each batch of work, and rows that say how far
 * it is. What is tried again after a fault is not in it, and neither are looks at the queues while they are waited for.
 *
 * @param run `isResumed`: it goes on with one that is remembered; `looksBack`: it reads afterwards who has the places
 */
export function estimateBackfill(
  told: Pick<FanOutDocument, 'address' | 'source' | 'destination'>,
  objects: readonly ListedObject[],
  { isResumed = false, looksBack = false }: { readonly isResumed?: boolean; readonly looksBack?: boolean } = {},
): BackfillEstimate {
  const { source, destination } = told;
  const sizes = objects.map(({ size }) => size);
  const copies = estimateCopies(sizes, source.region !== destination.region);
  let [batches, messages] = [0, 0];
  for (const { bodies } of workBatches(told, objects, '')) {
    batches += 1;
    messages += bodies.length;
  }
  // The row is taken, written after each batch, and deleted.
  const ofRun = objects.length > 0 || isResumed ? batches + 2 : 0;
  // BatchGetItem takes a hundred.
  const looks = looksBack ? Math.ceil(objects.length / MOST_ROWS) : 0;
  return {
    objects: copies.objects,
    bytes: copies.bytes,
    crossRegionBytes: copies.crossRegionBytes,
    messages,
    requests: {
      S3: { reads: copies.s3Reads, writes: copies.s3Writes },
      DynamoDB: { reads: copies.ledgerReads + looks, writes: copies.ledgerWrites + ofRun },
      SQS: { reads: 0, writes: batches },
    },
    isAtLeast: sizes.some((size) => copyPlan(size).kind === 'parts'),
  };
}
