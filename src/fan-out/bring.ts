import type { Barred, Buckets, SourceObject } from './buckets.ts';
import type { Head, Ledger } from './ledger.ts';
import { keyHash } from './ledger-keys.ts';
import { sourceMark, withHop } from './loop-marker.ts';
import type { Content, Hop } from './loop-marker.ts';
import { isOwnCopy } from './own-copy.ts';

/** Where a protocol runs: one destination of one fan-out. */
export interface FanOutWorld<Source extends SourceObject> {
  readonly ledger: Ledger;
  readonly buckets: Buckets<Source>;
  readonly destinationBucket: string;
  readonly marks: Pick<Hop, 'document' | 'destination'>;
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
      /** There was no room for the loop marker. */
      readonly isUnmarked: boolean;
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
  return { is: 'landed', sk: head.sk, isUnmarked: false, ...(!isOurs && { isKept: true }) };
}

async function bringOnce<Source extends SourceObject>(
  { buckets, marks }: FanOutWorld<Source>,
  pk: string,
  head: Head,
  known: Source | undefined,
): Promise<Brought> {
  const source = known ?? (await buckets.look(head.sourceKey, head.versionId));
  if (source?.barred === 'customer-key') return { is: source.barred };
  // Without versions, and for the version `null`, the key may hold another object by now.
  if (!source || source.etag !== head.etag) return { is: 'gone' };
  if (source.barred) return { is: source.barred };
  const { sk, nonce, sourceKey } = head;
  const hop: Hop = {
    ...marks,
    hash: keyHash(head.destinationKey),
    sk,
    nonce,
    etag: source.etag,
    source: sourceMark(sourceKey),
  };
  const { metadata, isMarked } = withHop(source.metadata, hop);
  const result = await buckets.copy({ named: head, source, metadata, row: { pk, sk: head.sk } });
  if (result.is === 'busy') return { is: 'busy', sk: head.sk };
  if (result.is !== 'landed') return result;
  const { is, isUnmarked = !isMarked, isIncomplete, ...copy } = result;
  const { size, etag, isPlain, checksum } = source;
  const content = { size, etag, isPlain, ...(checksum && { checksum }) };
  return { is, sk: head.sk, copy, content, isUnmarked, ...(isIncomplete && { isIncomplete }) };
}
