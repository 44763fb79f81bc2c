import { createHash } from 'node:crypto';
import type { ObjectTag } from './buckets.ts';
import type { Named } from './ledger.ts';
import { keyHash } from './ledger-keys.ts';
import { tuple } from './tuple.ts';

/** Name of the user metadata that a copy carries, without `x-amz-meta-`. */
export const MARKER = 'trueup-fan-out';
const VERSION = '1';
/** More fan-outs in a row are none that anybody means; each hop is some 130 octets. */
const MAX_HOPS = 8;
/** User metadata of an object: names and values, in octets (S3 User Guide, "Working with object metadata"). */
const MAX_METADATA = 2_048;

/** One copying that an object has behind it. */
export interface Hop {
  /** `documentMark` and `destinationMark` of who copied. */
  readonly document: string;
  readonly destination: string;
  /** Where its row is: `keyHash` of the destination's key, and the row's sort key. */
  readonly hash: string;
  readonly sk: string;
  /** The row says it too, and nobody could guess it. */
  readonly nonce: string;
  /** ETag of what was copied; only of the last hop, whose copy it is: rows expire, and then it alone tells of what. */
  readonly etag?: string;
  /** `sourceMark` of what was copied; of the last hop, too. */
  readonly source?: string;
}

/** How markers name a destination of a fan-out. */
export interface Marks extends Pick<Hop, 'document' | 'destination'> {
  /** `document` of names that the fan-out had. */
  readonly formerly: readonly string[];
}

export function isHopOf({ document, formerly, destination }: Marks, hop: Hop): boolean {
  return hop.destination === destination && [document, ...formerly].includes(hop.document);
}

/** A fan-out's name in markers. */
export function documentMark(owner: string, address: string): string {
  return mark([owner, address]);
}

/** A destination's name in markers. */
export function destinationMark(bucket: string, prefix: string): string {
  return mark([bucket, prefix]);
}

/** A source's key in the marker of its copy. */
export function sourceMark(sourceKey: string): string {
  return keyHash(sourceKey).slice(0, 22);
}

function mark(parts: readonly string[]): string {
  return createHash('sha256').update(tuple(parts)).digest('base64url').slice(0, 12);
}

const MARK = '[\\w-]{12}';
const HOP = new RegExp(
  `^(?<document>${MARK})\\.(?<destination>${MARK})\\.(?<hash>[\\w-]{43})\\.(?<sk>[\\w-]{1,512})\\.(?<nonce>[\\w-]{1,64})(?:\\.(?<etag>[\\w-]{1,64})(?:\\.(?<source>[\\w-]{22}))?)?$`,
);

/** The hops that a marker tells, oldest first. It may be forged: a hop is believed only if its row says the same. */
export function readMarker(value: string | undefined): readonly Hop[] {
  const [version, ...hops] = (value ?? '').slice(0, MAX_METADATA).split(' ');
  if (version !== VERSION) return [];
  return hops.flatMap((text) => {
    const {
      document = '',
      destination = '',
      hash = '',
      sk = '',
      nonce = '',
      etag,
      source,
    } = HOP.exec(text)?.groups ?? {};
    if (document === '') return [];
    const row = { hash, sk: Buffer.from(sk, 'base64url').toString(), nonce };
    return [
      { document, destination, ...row, ...(etag !== undefined && { etag }), ...(source !== undefined && { source }) },
    ];
  });
}

export function formatMarker(hops: readonly Hop[]): string {
  const texts = hops.slice(-MAX_HOPS).map(({ document, destination, hash, sk, nonce, etag, source }) => {
    const ofLast = etag ? [etag, ...(source ? [source] : [])] : [];
    return [document, destination, hash, Buffer.from(sk).toString('base64url'), nonce, ...ofLast].join('.');
  });
  return [VERSION, ...texts].join(' ');
}

function asEarlier({ document, destination, hash, sk, nonce }: Hop): Hop {
  return { document, destination, hash, sk, nonce };
}

/** The hop of a copy of what has this ETag. */
export function hopFor({ document, destination }: Marks, named: Named, etag: string): Hop {
  const { sourceKey, destinationKey, sk, nonce } = named;
  return { document, destination, hash: keyHash(destinationKey), sk, nonce, etag, source: sourceMark(sourceKey) };
}

type Metadata = Readonly<Record<string, string>>;

/**
 * The metadata of a copy: the source's, with one more hop in the marker.
 *
 * @returns `isMarked: false`: there is no room for the marker, the metadata goes as it is
 */
export function withHop(metadata: Metadata, hop: Hop): { readonly metadata: Metadata; readonly isMarked: boolean } {
  const before = readMarker(metadata[MARKER]).map(asEarlier);
  const marked = { ...metadata, [MARKER]: formatMarker([...before, hop]) };
  const octets = Object.entries(marked).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  return octets <= MAX_METADATA ? { metadata: marked, isMarked: true } : { metadata, isMarked: false };
}

/** Tags of an object, and characters of a tag's value (S3 User Guide, "Categorizing your objects using tags"). */
const MAX_TAGS = 10;
const MAX_TAG_VALUE = 256;

/** The hops that tags tell, which may be forged as a marker may. */
export function hopsInTags(tags: readonly ObjectTag[]): readonly Hop[] {
  return tags.filter(({ key }) => key.startsWith(MARKER)).flatMap(({ value }) => readMarker(value));
}

/**
 * The tags of a copy whose metadata has no room: the source's, with one more for the hop, instead of an older one of the
 * same destination.
 *
 * @returns undefined: they have no room either
 */
export function withHopTag(tags: readonly ObjectTag[], hop: Hop, marks: Marks): readonly ObjectTag[] | undefined {
  const others = tags.filter((tag) => !hopsInTags([tag]).some((one) => isHopOf(marks, one)));
  const names = Array.from({ length: MAX_TAGS }, (_, at) => (at === 0 ? MARKER : `${MARKER}-${at + 1}`));
  const key = names.find((name) => others.every((tag) => tag.key !== name));
  const value = [hop, asEarlier(hop)].map((one) => formatMarker([one])).find(({ length }) => length <= MAX_TAG_VALUE);
  if (others.length >= MAX_TAGS || key === undefined || value === undefined) return undefined;
  return [...others, { key, value }];
}

/** What is known of an object's content: equal ETags tell of equal content only where they are of the octets alone. */
export interface Content {
  readonly size: number;
  readonly etag: string;
  /** The ETag is the MD5 of the octets. */
  readonly isPlain: boolean;
  readonly checksum?: ContentChecksum;
}

/** A checksum that S3 keeps with an object. */
export interface ContentChecksum {
  /** `CRC64NVME`, `SHA256` and the like. */
  readonly algorithm: string;
  /** Of all octets, or of the parts' checksums. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Base64. */
  readonly value: string;
}

/** An ETag is the MD5 of the octets unless it is of parts, or the object is encrypted by KMS (S3 API Reference, Object). */
export function isPlainEtag(etag: string, encryption?: string): boolean {
  return /^[0-9a-f]{32}$/.test(etag) && (encryption === undefined || encryption === 'AES256');
}

/**
 * Are two objects of the same octets? `unknown` where neither both ETags nor both checksums are of the octets: a digest of
 * parts is another one where the parts are others.
 */
export function compareContent(one: Content, other: Content): 'same' | 'different' | 'unknown' {
  if (one.size !== other.size) return 'different';
  if (one.isPlain && other.isPlain) return one.etag === other.etag ? 'same' : 'different';
  const [a, b] = [one.checksum, other.checksum];
  if (!a || !b || a.algorithm !== b.algorithm || a.type !== b.type) return 'unknown';
  if (a.value === b.value) return 'same';
  return a.type === 'FULL_OBJECT' ? 'different' : 'unknown';
}

/** Is it, by its marker, a copy that this destination of this document made under this key, of that key of the source? */
export function isCopyOf(
  marker: string | undefined,
  marks: Marks,
  { sourceKey, destinationKey }: { readonly sourceKey: string; readonly destinationKey: string },
): boolean {
  const hop = readMarker(marker).at(-1);
  if (!hop || !isHopOf(marks, hop)) return false;
  return hop.hash === keyHash(destinationKey) && hop.source === sourceMark(sourceKey);
}

/**
 * Does a copy's marker say that it is, at this destination and under this key, a copy of what has this ETag? Rows expire,
 * and this stays. Whoever may write there can forge it: it proves nothing against what ETags tell.
 */
export function tellsOfCopy(
  marker: string | undefined,
  { destination, key, etag }: { readonly destination: string; readonly key: string; readonly etag: string },
): boolean {
  const hop = readMarker(marker).at(-1);
  return hop?.destination === destination && hop.hash === keyHash(key) && hop.etag === etag;
}

/** Does a copy's marker say that one of these documents put it at this destination, under this key? It may be forged, too. */
export function isMarkedBy(
  marker: string | undefined,
  {
    documents,
    destination,
    key,
  }: { readonly documents: readonly string[]; readonly destination: string; readonly key: string },
): boolean {
  const hop = readMarker(marker).at(-1);
  return (
    hop !== undefined &&
    documents.includes(hop.document) &&
    hop.destination === destination &&
    hop.hash === keyHash(key)
  );
}
