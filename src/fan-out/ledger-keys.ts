import { createHash } from 'node:crypto';
import { tuple } from './tuple.ts';

/** Primary key of a row of the ledger table: attributes `pk` and `sk`, both text. */
export interface LedgerKey {
  readonly pk: string;
  readonly sk: string;
}

/** Sort key of the row that says what stands, or is to stand, at a destination's key. */
export const HEAD = 'head';
const COPY = 'copy/';
/** What sort keys of rows begin with that were made for a look. */
export const LOOKS = `${COPY}${tuple(['look'])}`;

/** What a copy is made for: one event, or one look at the source. */
export type CopyOccasion = { readonly sequencer: string } | { readonly etag: string; readonly versionId?: string };

/** SHA-256 of a destination's key, base64url: how loop markers name it, and short whatever the key is. */
export function keyHash(destinationKey: string): string {
  return createHash('sha256').update(destinationKey).digest('base64url');
}

/** Partition of all rows of one key of a destination. The rows say the key itself, and claims are held against it. */
export function ledgerPartition(destinationBucket: string, hash: string): string {
  return `${ledgerPartitions(destinationBucket)}${tuple([hash])}`;
}

/** What the partitions of a destination bucket's rows begin with: for `dynamodb:LeadingKeys`. */
export function ledgerPartitions(destinationBucket: string): string {
  return tuple([destinationBucket]);
}

/** @param occasion its sequencer is canonical */
export function copySortKey(occasion: CopyOccasion): string {
  if ('sequencer' in occasion) return `${COPY}${tuple(['event', occasion.sequencer])}`;
  return `${LOOKS}${tuple([occasion.versionId ?? '', occasion.etag])}`;
}

export function isLookSortKey(sk: string): boolean {
  return sk.startsWith(LOOKS);
}

export function isCopySortKey(sk: string): boolean {
  return sk.startsWith(COPY);
}

/** Row that says how far a backfill has come. Its partition is of no bucket: none has an empty name. */
export function backfillKey(destination: string, prefix: string): LedgerKey {
  return { pk: tuple(['', 'backfill', destination]), sk: tuple(['position', prefix]) };
}
