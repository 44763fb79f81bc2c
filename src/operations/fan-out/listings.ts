import { openBucketListing } from '../../resources/object-listing.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import type { FanOutDocument, OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { FanOutNameError } from './find.ts';
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

/** @throws FanOutNameError where no key that begins so is admitted by the filter: nothing would be looked at */
export function refusePrefix({ document, address }: FanOutSession, asked: string | undefined): void {
  const { prefix: declared = '' } = document.spec.filter;
  if (asked === undefined || asked.startsWith(declared) || declared.startsWith(asked)) return;
  throw new FanOutNameError(
    `${address} copies no key that begins with ${asked}: spec.filter.prefix is ${declared}`,
    `--prefix takes the beginning of a key of the source, such as ${declared}`,
  );
}

/** Pages of a bucket's listing, each one request. */
export async function* listPages(
  { aws, asker }: FanOutSession,
  bucket: OwnedBucket,
  { prefix, after }: { readonly prefix: string; readonly after?: string },
): AsyncGenerator<readonly ListedObject[]> {
  const { from, owner } = asker(bucket);
  const list = await openBucketListing(aws, from);
  for await (const { objects } of list({
    bucket: bucket.bucket,
    owner,
    prefix,
    ...(after !== undefined && { after }),
  })) {
    yield objects;
  }
}
