import { openBucketListing } from '../../resources/object-listing.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import type { FanOutDocument, OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import type { FanOutSession } from './open.ts';

/** Which part of two listings is compared. */
export interface ListedPart {
  /** What keys of the source begin with; undefined: no key can begin with what was asked for. */
  readonly source: string | undefined;
  /** What keys of the copies begin with. */
  readonly copies: string;
  /** Whatever stands there and no source maps to is nobody's. */
  readonly tellsExtras: boolean;
}

/**
 * The part of source and destination that is about one prefix. Copies that a rewrite moves about may lie anywhere below
 * the destination's prefix, and then nothing there is told to be of another part.
 */
export function partOf({ filter, key, destination }: FanOutDocument, asked = ''): ListedPart {
  const { prefix: declared = '' } = filter;
  const source = asked.startsWith(declared) ? asked : declared.startsWith(asked) ? declared : undefined;
  if (asked === '' || asked === declared || source === declared) {
    return { source, copies: destination.prefix, tellsExtras: true };
  }
  const { strip = '', replace = [] } = key;
  // Else a key that is not stripped could come to lie there too.
  const isMoved = replace.length > 0 || (strip !== '' && !declared.startsWith(strip));
  if (isMoved || source === undefined) return { source, copies: destination.prefix, tellsExtras: false };
  return { source, copies: destination.prefix + source.slice(strip.length), tellsExtras: true };
}

/** Pages of a bucket's listing. @param onPage told of each request */
export async function* listPages(
  { aws, asker }: FanOutSession,
  bucket: OwnedBucket,
  { prefix, after }: { readonly prefix: string; readonly after?: string },
  onPage: () => void,
): AsyncGenerator<readonly ListedObject[]> {
  const { from, owner } = asker(bucket);
  const list = await openBucketListing(aws, from);
  for await (const { objects } of list({
    bucket: bucket.bucket,
    owner,
    prefix,
    ...(after !== undefined && { after }),
  })) {
    onPage();
    yield objects;
  }
}
