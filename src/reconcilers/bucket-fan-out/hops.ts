import { documentAddress } from '../../engine/address.ts';
import type { Address, Estate } from '../../engine/types.ts';
import type { ObjectFilter } from '../../fan-out/types.ts';
import { eventsOf } from './event-filters.ts';
import { filterOf } from './object-rules.ts';
import { KIND } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** What keys begin and end in, as far as it is known of all of them. */
interface Keys {
  readonly beginning: string;
  readonly end: string;
}

/** What may go on from hop to hop; a copy never makes a deletion, nor the other way round. */
export type Going = 'copies' | 'deletions';

export const GOINGS: readonly Going[] = ['copies', 'deletions'];

/** One destination of one document: objects go from a bucket to another. */
export interface Hop {
  readonly document: Address;
  /** Where in `spec.destinations` it stands. */
  readonly index: number;
  readonly from: string;
  readonly to: string;
  /** What it takes. */
  readonly filter: ObjectFilter;
  /** What it hears of and does likewise, where another fan-out does it. */
  readonly passesOn: readonly Going[];
  /** What it writes. */
  readonly writes: Keys;
}

/** Every document of an estate asks for them. */
const known = new WeakMap<Estate, readonly Hop[]>();

/** Of all documents, in the order of their addresses. */
export function hopsOf(estate: Estate): readonly Hop[] {
  const before = known.get(estate);
  if (before) return before;
  const hops = (estate.documents(KIND) as readonly BucketFanOut[]).flatMap(hopsOfDocument);
  known.set(estate, hops);
  return hops;
}

function hopsOfDocument(document: BucketFanOut): readonly Hop[] {
  const { source, destinations } = document.spec;
  return destinations.map(({ bucket, prefix = '' }, index) => ({
    document: documentAddress(document),
    index,
    from: source.bucket,
    to: bucket,
    filter: filterOf(document.spec),
    passesOn: passedOnBy(document),
    writes: writtenKeys(document, prefix),
  }));
}

function passedOnBy(document: BucketFanOut): readonly Going[] {
  const hearsCopies = eventsOf(document).some((event) => COPIES.includes(event));
  return [
    ...(hearsCopies ? ['copies' as const] : []),
    ...(document.spec.replicateDeletes ? ['deletions' as const] : []),
  ];
}

const COPIES = ['s3:ObjectCreated:*', 's3:ObjectCreated:Copy', 's3:ObjectCreated:CompleteMultipartUpload'];

/** May something that the one copied, or deleted, be taken by the other? What is not known counts as yes. */
function mayFollow(hop: Hop, next: Hop, what: Going): boolean {
  const { prefix = '', suffix = '' } = next.filter;
  if (hop.to !== next.from || !next.passesOn.includes(what)) return false;
  return mayMeet(hop.writes, { beginning: prefix, end: suffix });
}

/** May two sets of keys have one in common? */
export function mayMeet(one: Keys, other: Keys): boolean {
  const begin = one.beginning.startsWith(other.beginning) || other.beginning.startsWith(one.beginning);
  return begin && (one.end.endsWith(other.end) || other.end.endsWith(one.end));
}

/** A rule of `replace` may leave anything; `strip` takes a beginning that is known, or one that may be there. */
function writtenKeys({ spec }: BucketFanOut, prefix: string): Keys {
  const { strip = '', replace } = spec.key;
  const { prefix: taken = '', suffix = '' } = spec.filter;
  if (replace.length > 0) return { beginning: prefix, end: '' };
  const end = mayReach(strip, suffix) ? '' : suffix;
  if (taken.startsWith(strip)) return { beginning: prefix + taken.slice(strip.length), end };
  return { beginning: strip.startsWith(taken) ? prefix : prefix + taken, end };
}

/** In a short key the end of what is taken off may be the beginning of the suffix. */
function mayReach(strip: string, suffix: string): boolean {
  return Array.from(strip).some((_, at) => suffix.startsWith(strip.slice(at)));
}

/** The shortest way on which copies, or deletions, come from a hop back to it, itself first; undefined: there is none. */
export function circleFrom(start: Hop, hops: readonly Hop[], what: Going): readonly Hop[] | undefined {
  const seen = new Set<Hop>([start]);
  let ways: readonly (readonly Hop[])[] = [[start]];
  while (ways.length > 0) {
    const longer: (readonly Hop[])[] = [];
    for (const way of ways) {
      const last = way.at(-1) ?? start;
      if (mayFollow(last, start, what)) return way;
      for (const next of hops) {
        if (seen.has(next) || !mayFollow(last, next, what)) continue;
        seen.add(next);
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
  return undefined;
}
