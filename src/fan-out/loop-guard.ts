import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import type { Head, Named } from './ledger.ts';
import { isCopySortKey, keyHash, ledgerPartition } from './ledger-keys.ts';
import { compareContent, hopFor, hopsInTags, isHopOf, MARKER, readMarker, withHop } from './loop-marker.ts';
import type { Hop } from './loop-marker.ts';

/** An object that this destination has copied so often, and that comes back again, goes round. */
const MOST_OWN_HOPS = 3;

/**
 * What is known of an object that may be our own copy, come back (threats T91). `stands`: its copy stands where it would be
 * copied to. `goes-round`: it was copied often enough.
 */
export type ComeBack = 'no' | 'stands' | 'goes-round';

/** Hops of an object that say that this destination copied it; they may be forged. */
export interface OwnHops {
  readonly hops: readonly Hop[];
  /** So many of them are too many. */
  readonly most: number;
}

/** Undefined: there are none. Only where its metadata are full a marker may be in a tag, and only there tags are looked at. */
export async function ownHops<Source extends SourceObject>(
  { marks, buckets }: Pick<FanOutWorld<Source>, 'marks' | 'buckets'>,
  named: Named,
  source: Source,
): Promise<OwnHops | undefined> {
  const { metadata, keepsMetadata, etag } = source;
  const isFull = keepsMetadata || !withHop(metadata, hopFor(marks, named, etag)).isMarked;
  const tagged = isFull ? hopsInTags((await buckets.tags(named.sourceKey, source)) ?? []) : [];
  const hops = [...readMarker(metadata[MARKER]), ...tagged].filter(
    // No other row tells of a copy, whatever a forged marker names.
    (hop) => isHopOf(marks, hop) && isCopySortKey(hop.sk),
  );
  if (hops.length === 0) return undefined;
  const distinct = [...new Map(hops.map((hop) => [`${hop.hash} ${hop.sk}`, hop])).values()];
  // A tag has room for one.
  return { hops: distinct, most: tagged.length > 0 ? 1 : MOST_OWN_HOPS };
}

/**
 * Asks the rows that the hops name: a hop is believed where its row has its nonce, and is not of other octets. Nobody hides
 * what is not there: it is skipped where its copy stands, as the head says, and is of the same octets.
 *
 * @param head before anything is claimed for the object
 */
export async function comeBack<Source extends SourceObject>(
  { ledger, destinationBucket }: Pick<FanOutWorld<Source>, 'ledger' | 'destinationBucket'>,
  head: Head | undefined,
  destinationKey: string,
  source: Source,
  { hops, most }: OwnHops,
): Promise<ComeBack> {
  let own = 0;
  for (const hop of hops) {
    const row = await ledger.row({ pk: ledgerPartition(destinationBucket, hop.hash), sk: hop.sk });
    if (!row || row.nonce !== hop.nonce) continue;
    const { size = -1, etag = '', isPlain, checksum } = row;
    const content = compareContent({ size, etag, isPlain, ...(checksum && { checksum }) }, source);
    if (content === 'different') continue;
    own += 1;
    if (content === 'same' && hop.hash === keyHash(destinationKey) && isStanding(head, hop)) return 'stands';
  }
  return own >= most ? 'goes-round' : 'no';
}

function isStanding(head: Head | undefined, { sk, nonce }: Hop): boolean {
  return head !== undefined && head.isCopied && head.stands?.sk === sk && head.stands.nonce === nonce;
}
