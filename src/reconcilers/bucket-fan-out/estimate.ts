import type { BackfillEstimate, Requests } from '../../fan-out/backfill-result.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { copyPlan } from '../../fan-out/copy-plan.ts';
import { workBatches } from './backfill-work.ts';
import type { FanOutDocument } from './fan-out-document.ts';

/** What the comparison takes that comes before. */
export interface ComparisonCalls {
  /** Pages of both listings. */
  readonly pages: number;
  /** BatchGetItem, for what listings cannot tell. */
  readonly rowReads: number;
  /** HeadObject, for what the ledger cannot tell either. */
  readonly heads: number;
}

/** ListObjectsV2 tells so many keys at once, and an empty listing takes one request too. */
const PAGE = 1_000;

export function pagesOf(keys: number): number {
  return Math.max(1, Math.ceil(keys / PAGE));
}

/**
 * What a backfill does for these objects, call by call: the verb compares, hands the work over and remembers after each
 * batch where it is; for each object the function reads the head, looks at the source, and writes the row of the copy, the
 * claim, the confirmation and the end. Repetitions after faults are not in it, and neither are the looks at the queue while
 * it is waited for.
 *
 * @param run `isResumed`: it goes on with one that is remembered
 */
export function estimateBackfill(
  told: Pick<FanOutDocument, 'address' | 'source' | 'destination'>,
  objects: readonly ListedObject[],
  { pages, rowReads, heads }: ComparisonCalls,
  { isResumed = false }: { readonly isResumed?: boolean } = {},
): BackfillEstimate {
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  const keys = objects.map(({ key }) => key);
  const batches = [...workBatches(told, keys)];
  const parts = objects.flatMap(({ size }) => {
    const plan = copyPlan(size);
    return plan.kind === 'parts' ? [plan.parts] : [];
  });
  const [count, large] = [objects.length, parts.length];
  const isAny = count > 0 || isResumed ? 1 : 0;
  return {
    objects: count,
    bytes,
    crossRegionBytes: told.source.region === told.destination.region ? 0 : bytes,
    messages: batches.reduce((sum, { bodies }) => sum + bodies.length, 0),
    requests: {
      S3: counted({
        ListObjectsV2: pages,
        HeadObject: count + heads,
        CopyObject: count - large,
        GetObjectTagging: large,
        CreateMultipartUpload: large,
        ListMultipartUploads: large,
        ListParts: large,
        UploadPartCopy: parts.reduce((sum, one) => sum + one, 0),
        CompleteMultipartUpload: large,
      }),
      DynamoDB: counted({
        GetItem: 1 + count,
        BatchGetItem: rowReads,
        PutItem: isAny + batches.length + count,
        UpdateItem: 3 * count,
        DeleteItem: isAny,
      }),
      SQS: counted({ SendMessageBatch: batches.length }),
    },
    isAtLeast: large > 0,
  };
}

function counted(commands: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(commands).filter(([, calls]) => calls > 0));
}

/** Of a service, whatever the command. */
export function callsOf(requests: Requests, service: string): number {
  return Object.values(requests[service] ?? {}).reduce((sum, calls) => sum + calls, 0);
}
