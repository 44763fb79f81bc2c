import type { Address, Place } from '../../engine/types.ts';
import type { KeyRewrite, ObjectFilter } from '../../fan-out/types.ts';

/** A bucket, with the account that must own it: every call says so (threats T67). */
export interface OwnedBucket extends Place {
  readonly bucket: string;
}

export interface FanOutDestination extends OwnedBucket {
  /** In front of every rewritten key; empty: none. */
  readonly prefix: string;
  /** S3's storage class of the copies; none: as the source's object has it. */
  readonly storageClass?: string;
  /** KMS key ARN or alias ARN; none: the destination bucket's default encryption. */
  readonly kmsKey?: string;
  readonly acl?: 'bucket-owner-full-control';
}

/** What the function of one destination is told, in `TRUEUP_DOCUMENT`. */
export interface FanOutDocument {
  readonly address: Address;
  /** What it was called before: so loop markers and messages of then name it. None: never otherwise. */
  readonly formerly?: readonly Address[];
  /** The estate's first owner: with the address it names the document in loop markers. */
  readonly owner: string;
  /** Where topic, functions, queues and ledger live: the source bucket's account and region. */
  readonly place: Place;
  readonly source: OwnedBucket;
  readonly topicArn: string;
  /** Id of our entry in the source bucket's notification document. */
  readonly configurationId: string;
  readonly destination: FanOutDestination;
  readonly key: KeyRewrite;
  readonly filter: ObjectFilter;
  readonly replicateDeletes: boolean;
  /** The table, and how many days its rows are kept after they were last written. */
  readonly ledger: { readonly table: string; readonly ttlDays: number };
  /** The function's own name: it starts itself again for large objects. */
  readonly functionName: string;
  /** URL of the queue of backfill and redriven work, in `place`. */
  readonly workQueueUrl: string;
  /** URL of the queue of what failed for good, in `place`. */
  readonly deadLetterQueueUrl: string;
}

/** Does a message name this document, by its name or by one that it had? */
export function isCalled(
  { address, formerly = [] }: Pick<FanOutDocument, 'address' | 'formerly'>,
  name: unknown,
): boolean {
  return [address, ...formerly].some((one) => one === name);
}
