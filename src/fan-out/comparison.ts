import type { DestinationKey, MapKey } from './destination-key.ts';
import { isPlainEtag } from './loop-marker.ts';

/** An object, as a listing tells of it. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Nobody reads it before it is restored. */
  readonly isArchived?: true;
}

/** Source and copy, of one destination's key. */
export interface Pair {
  readonly source: ListedObject;
  readonly copy: ListedObject;
}

/** Nothing at the source maps to it. */
export interface Extra {
  readonly is: 'extra';
  readonly copy: ListedObject;
}

export type Difference =
  /** A source that has no copy. */
  | { readonly is: 'missing'; readonly source: ListedObject; readonly destinationKey: string }
  /** A copy of other content. */
  | ({ readonly is: 'stale' } & Pair)
  /** Sizes agree and ETags do not, and one of them is not of the octets alone: the ledger knows, or a look at both. */
  | ({ readonly is: 'undecided' } & Pair)
  | Extra
  /** Another source has that destination's key already. */
  | { readonly is: 'collision'; readonly source: ListedObject; readonly destinationKey: string; readonly with: string }
  /** It maps to no key. */
  | { readonly is: 'unmappable'; readonly source: ListedObject; readonly fault: 'empty' | 'too-long' };

/**
 * Is a copy's content that of the source, as far as listings tell?
 * ETags that are not of parts may still be of KMS, so unequal ones decide nothing there.
 */
export function compareContent(
  source: ListedObject,
  copy: ListedObject,
  isPlain: boolean,
): 'equal' | 'stale' | 'undecided' {
  if (source.size !== copy.size) return 'stale';
  if (source.etag === copy.etag) return 'equal';
  return isPlain && isPlainEtag(source.etag) && isPlainEtag(copy.etag) ? 'stale' : 'undecided';
}

export interface Comparison {
  /** Looks at one object of the source that the filter admits; undefined: its copy is equal. */
  source(object: ListedObject): Difference | undefined;
  /** Copies that no source stands behind; asked after the last source. */
  extras(): Generator<Extra>;
  readonly equal: number;
}

/**
 * Holds a source's listing against that of a destination's prefix. The destination's is kept: rewritten keys come in
 * another order.
 *
 * @param isPlain neither bucket encrypts by KMS, as far as is known: unequal plain ETags are unequal content
 */
export function createComparison(
  copies: Iterable<ListedObject>,
  mapKey: MapKey,
  { isPlain }: { readonly isPlain: boolean },
): Comparison {
  const left = new Map<string, ListedObject>();
  for (const copy of copies) left.set(copy.key, copy);
  /** Source of every destination's key that has been met. */
  const met = new Map<string, string>();
  let equal = 0;
  return {
    source(object) {
      const mapped: DestinationKey = mapKey(object.key);
      if ('fault' in mapped) return { is: 'unmappable', source: object, fault: mapped.fault };
      const other = met.get(mapped.key);
      if (other !== undefined) return { is: 'collision', source: object, destinationKey: mapped.key, with: other };
      met.set(mapped.key, object.key);
      const copy = left.get(mapped.key);
      left.delete(mapped.key);
      if (!copy) return { is: 'missing', source: object, destinationKey: mapped.key };
      const is = compareContent(object, copy, isPlain);
      if (is !== 'equal') return { is, source: object, copy };
      equal += 1;
      return undefined;
    },
    *extras() {
      for (const copy of left.values()) yield { is: 'extra', copy };
    },
    get equal() {
      return equal;
    },
  };
}
