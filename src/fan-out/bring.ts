import type { Barred, Buckets, ObjectTag, SourceObject } from './buckets.ts';
import type { Head, Ledger } from './ledger.ts';
import { isCopySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import { hopsInTags, isHopOf, isOwnCopy, MARKER, readMarker, withHop, withHopTag } from './loop-marker.ts';
import type { Content, Hop, Marks } from './loop-marker.ts';

/** Where a protocol runs: one destination of one fan-out. */
export interface FanOutWorld<Source extends SourceObject> {
  readonly ledger: Ledger;
  readonly buckets: Buckets<Source>;
  readonly destinationBucket: string;
  readonly marks: Marks;
  /** Is an object of the source of those that are copied? */
  admits(sourceKey: string, size: number): boolean;
  /** Not to be guessed; at most 64 letters, digits, `-` and `_`. */
  nonce(): string;
}

/** What was brought to the destination. */
export type Brought =
  | {
      readonly is: 'landed';
      /** The sort key of the row of what stands there. */
      readonly sk: string;
      /** None: a deletion. */
      readonly copy?: { readonly etag: string; readonly versionId?: string };
      readonly content?: Content;
      /** There was no room in the metadata: a tag is its loop marker. */
      readonly isTagged: boolean;
      /** Some metadata is lost. */
      readonly isIncomplete?: true;
    }
  /** Another invocation is at what this row tells of. */
  | { readonly is: 'busy'; readonly sk: string }
  | { readonly is: 'gone' | 'skipped' | 'continues' | 'moved' | Barred };

/**
 * Makes the destination hold what the head names, until the head is seen to name what landed last. So whoever lands an
 * older object over a newer one, however late, looks at the head afterwards and puts it right.
 *
 * @param mayHaveLanded an attempt before this one may have written: then nothing is skipped
 * @param found what the head names, where it has been looked at
 */
export async function bring<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  first: Head,
  mayHaveLanded: boolean,
  found?: Source,
): Promise<Brought> {
  const { ledger } = world;
  let head = first;
  let hasLanded = mayHaveLanded;
  let known = found;
  for (;;) {
    const brought = await bringOnce(world, pk, head, hasLanded, known);
    known = undefined;
    if (brought.is === 'landed') {
      hasLanded = true;
      if (await ledger.confirm(pk, head.sk)) return brought;
    } else if (brought.is !== 'moved' || !hasLanded) {
      return brought;
    }
    const next = await ledger.head(pk);
    if (!next) throw new Error('the head of a key is gone from the ledger while it was copied');
    head = next;
  }
}

async function bringOnce<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  head: Head,
  hasLanded: boolean,
  known: Source | undefined,
): Promise<Brought> {
  const { buckets, marks } = world;
  if (head.isDeleted) {
    await buckets.remove(head.destinationKey);
    return { is: 'landed', sk: head.sk, isTagged: false };
  }
  const source = known ?? (await buckets.look(head.sourceKey, head.versionId));
  if (source?.barred === 'customer-key') return { is: source.barred };
  // Without versions, and for the version `null`, the key may hold another object by now.
  if (!source || source.etag !== head.etag) return { is: 'gone' };
  if (source.barred) return { is: source.barred };
  if (!hasLanded && (await isComeBack(world, source, readMarker(source.metadata[MARKER])))) return { is: 'skipped' };
  const { sk, nonce } = head;
  const hop: Hop = { ...marks, hash: keyHash(head.destinationKey), sk, nonce, etag: source.etag };
  const marked = await mark(world, head, source, hop, hasLanded);
  if ('is' in marked) return marked;
  const { metadata, tags } = marked;
  const row = { pk, sk: head.sk };
  const result = await buckets.copy({ named: head, source, metadata, row, ...(tags && { tags }) });
  if (result.is === 'busy') return { is: 'busy', sk: head.sk };
  if (result.is !== 'landed') return result;
  const { is, isIncomplete, ...copy } = result;
  const { size, etag, isPlain } = source;
  const isTagged = tags !== undefined;
  return { is, sk: head.sk, copy, content: { size, etag, isPlain }, isTagged, ...(isIncomplete && { isIncomplete }) };
}

/** A copy without a marker could go round for ever: Lambda does not stop it, and nobody would know it again. */
export class UnmarkableError extends Error {
  override readonly name = 'UnmarkableError';

  constructor() {
    super('neither its metadata nor its tags have room for the loop marker: take some away');
  }
}

interface Marked {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: readonly ObjectTag[];
}

/**
 * What the copy is to carry: the marker in its metadata, else in a tag. Only where the metadata are full somebody's marker
 * may be in a tag, and only there tags are looked at.
 *
 * @throws UnmarkableError
 */
async function mark<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  head: Head,
  source: Source,
  hop: Hop,
  hasLanded: boolean,
): Promise<Marked | { readonly is: 'gone' | 'skipped' }> {
  if (!source.keepsMetadata) {
    const { metadata, isMarked } = withHop(source.metadata, hop);
    if (isMarked) return { metadata };
  }
  const own = await world.buckets.tags(head.sourceKey, source);
  if (!own) return { is: 'gone' };
  if (!hasLanded && (await isComeBack(world, source, hopsInTags(own)))) return { is: 'skipped' };
  const tags = withHopTag(own, hop, world.marks);
  if (!tags) throw new UnmarkableError();
  return { metadata: source.metadata, tags };
}

/** Is it our own copy, come back? Its marker says so, and so does the row that the marker names (threats T91). */
async function isComeBack<Source extends SourceObject>(
  { ledger, marks, destinationBucket }: FanOutWorld<Source>,
  source: Source,
  hops: readonly Hop[],
): Promise<boolean> {
  for (const hop of hops) {
    // No other row tells of a copy, whatever a forged marker names.
    if (!isHopOf(marks, hop) || !isCopySortKey(hop.sk)) continue;
    const row = await ledger.row({ pk: ledgerPartition(destinationBucket, hop.hash), sk: hop.sk });
    const { size = -1, etag = '', isPlain = false, nonce } = row ?? {};
    if (nonce !== undefined && isOwnCopy({ size, etag, isPlain, nonce }, hop, source)) return true;
  }
  return false;
}
