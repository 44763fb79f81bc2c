import { copyPlan } from './copy-plan.ts';

/** Requests, as services charge them. */
export interface Requests {
  /** HEAD and GET: at the source, but for the parts that an upload lists. */
  readonly s3Reads: number;
  /** PUT, COPY, POST and LIST: at the destination. */
  readonly s3Writes: number;
  readonly ledgerReads: number;
  readonly ledgerWrites: number;
}

/** What copying asks and moves, without what is tried again. */
export interface CopyEstimate extends Requests {
  readonly objects: number;
  /** Octets. */
  readonly bytes: number;
  /** Octets that go to another region. */
  readonly crossRegionBytes: number;
}

/** Head of the key, row of the copy, claim, confirmation, end. */
const LEDGER: Pick<Requests, 'ledgerReads' | 'ledgerWrites'> = { ledgerReads: 1, ledgerWrites: 4 };
/** HeadObject; CopyObject. */
const SINGLE: Requests = { s3Reads: 1, s3Writes: 1, ...LEDGER };
/**
 * HeadObject, GetObjectTagging, ListParts; CreateMultipartUpload, ListMultipartUploads, CompleteMultipartUpload, and one
 * more for each part. Of the ledger also: the lease, what is remembered of the upload, and looks at the head. Each
 * invocation more asks some more, and a lease that is kept one write in 15 seconds.
 */
const IN_PARTS: Requests = { s3Reads: 2, s3Writes: 4, ledgerReads: 4, ledgerWrites: 9 };

/** Of one object that a backfill copies. @throws RangeError for more octets than an object of S3 has */
export function requestsOf(size: number): Requests {
  const plan = copyPlan(size);
  return plan.kind === 'single' ? SINGLE : { ...IN_PARTS, s3Writes: IN_PARTS.s3Writes + plan.parts };
}

/** Of many. @param objects their sizes in octets */
export function estimateCopies(sizes: Iterable<number>, isCrossRegion: boolean): CopyEstimate {
  const sum = { objects: 0, bytes: 0, s3Reads: 0, s3Writes: 0, ledgerReads: 0, ledgerWrites: 0 };
  for (const size of sizes) {
    const requests = requestsOf(size);
    sum.objects += 1;
    sum.bytes += size;
    sum.s3Reads += requests.s3Reads;
    sum.s3Writes += requests.s3Writes;
    sum.ledgerReads += requests.ledgerReads;
    sum.ledgerWrites += requests.ledgerWrites;
  }
  return { ...sum, crossRegionBytes: isCrossRegion ? sum.bytes : 0 };
}
