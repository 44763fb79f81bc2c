import type { Barred, Buckets, ObjectTag, SourceObject } from './buckets.ts';
import type { Head, Ledger } from './ledger.ts';
import { hopFor, withHop, withHopTag } from './loop-marker.ts';
import type { Content, Hop, Marks } from './loop-marker.ts';
import { isOwnCopy } from './own-copy.ts';

/** Where a protocol runs: one destination of one fan-out. */
export interface FanOutWorld<Source extends SourceObject> {
  readonly ledger: Ledger;
  readonly buckets: Buckets<Source>;
  readonly destinationBucket: string;
  readonly marks: Marks;
  /** Is an object of the source of those that are copied? */
  admits(sourceKey: string, size: number): boolean;
  /** Where an object goes today; undefined: nowhere. */
  destinationKeyOf(sourceKey: string): string | undefined;
  /** No two keys that are copied can have one place. */
  readonly mapsOneToOne: boolean;
  /** What is deleted at the source stays at the destination. */
  readonly keepsDeleted: boolean;
  /** Not to be guessed; at most 64 letters, digits, `-` and `_`. */
  nonce(): string;
}

/** What was brought to the destination. */
export type Brought =
  | {
      readonly is: 'landed';
      /** The sort key of the row of what stands there. */
      readonly sk: string;
      /** A deletion: nothing stands there that is known to be its copy. */
      readonly isKept?: true;
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
  | { readonly is: 'gone' | 'continues' | 'moved' | Barred };

/** How what the head names is brought. */
export interface Bringing<Source> {
  /** Source's key of an attempt before this one that may have written. */
  readonly landedBy?: string | undefined;
  /** What the head names, where it has been looked at. */
  readonly found?: Source | undefined;
}

/**
 * Makes the destination hold what the head names, until the head is seen to name what landed last. So whoever lands an
 * older object over a newer one, however late, looks at the head afterwards and puts it right.
 */
export async function bring<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  first: Head,
  { landedBy, found }: Bringing<Source> = {},
): Promise<Brought> {
  const { ledger } = world;
  let head = first;
  let hasLanded = false;
  let known = found;
  for (;;) {
    const brought: Brought = head.isDeleted
      ? await takeAway(world, head, hasLanded, landedBy)
      : await bringOnce(world, pk, head, known);
    known = undefined;
    if (brought.is === 'landed') {
      hasLanded ||= brought.copy !== undefined;
      if (await ledger.confirm(pk, head.sk, standingOf(head, brought))) return brought;
    } else if (brought.is !== 'moved' || (!hasLanded && landedBy === undefined)) {
      return brought;
    }
    const next = await ledger.head(pk);
    if (!next) throw new Error('the head of a key is gone from the ledger while it was copied');
    head = next;
  }
}

type Landed = Extract<Brought, { readonly is: 'landed' }>;

function standingOf({ sk, nonce, sourceKey }: Head, { copy, isKept }: Landed): Parameters<Ledger['confirm']>[2] {
  if (copy) return { sk, nonce, sourceKey };
  return isKept ? 'unchanged' : 'nothing';
}

/** @param hasLanded what stands there was written just now */
async function takeAway<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  head: Head,
  hasLanded: boolean,
  landedBy: string | undefined,
): Promise<Landed> {
  const isOurs = hasLanded || (await isOwnCopy(world, head, landedBy));
  if (isOurs) await world.buckets.remove(head.destinationKey);
  return { is: 'landed', sk: head.sk, isTagged: false, ...(!isOurs && { isKept: true }) };
}

async function bringOnce<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  pk: string,
  head: Head,
  known: Source | undefined,
): Promise<Brought> {
  const { buckets, marks } = world;
  const source = known ?? (await buckets.look(head.sourceKey, head.versionId));
  if (source?.barred === 'customer-key') return { is: source.barred };
  // Without versions, and for the version `null`, the key may hold another object by now.
  if (!source || source.etag !== head.etag) return { is: 'gone' };
  if (source.barred) return { is: source.barred };
  const marked = await mark(world, head, source, hopFor(marks, head, source.etag));
  if ('is' in marked) return marked;
  const { metadata, tags } = marked;
  const row = { pk, sk: head.sk };
  const result = await buckets.copy({ named: head, source, metadata, row, ...(tags && { tags }) });
  if (result.is === 'busy') return { is: 'busy', sk: head.sk };
  if (result.is !== 'landed') return result;
  const { is, isIncomplete, ...copy } = result;
  const { size, etag, isPlain, checksum } = source;
  const content = { size, etag, isPlain, ...(checksum && { checksum }) };
  const isTagged = tags !== undefined;
  return { is, sk: head.sk, copy, content, isTagged, ...(isIncomplete && { isIncomplete }) };
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
 * What the copy is to carry: the marker in its metadata, else in a tag.
 *
 * @throws UnmarkableError
 */
async function mark<Source extends SourceObject>(
  world: FanOutWorld<Source>,
  head: Head,
  source: Source,
  hop: Hop,
): Promise<Marked | { readonly is: 'gone' }> {
  if (!source.keepsMetadata) {
    const { metadata, isMarked } = withHop(source.metadata, hop);
    if (isMarked) return { metadata };
  }
  const own = await world.buckets.tags(head.sourceKey, source);
  if (!own) return { is: 'gone' };
  const tags = withHopTag(own, hop, world.marks);
  if (!tags) throw new UnmarkableError();
  return { metadata: source.metadata, tags };
}
