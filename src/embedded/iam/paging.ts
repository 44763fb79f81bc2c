import { constraintViolation } from './errors.ts';

/** IAM's lists: "If you do not include this parameter, the number of items defaults to 100"; 1,000 at most. */
const DEFAULT_ITEMS = 100;
const MAX_ITEMS = 1000;

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/** One page of a list that is sorted by `keyOf`; the marker is the key of the next page's first item. */
export function page<Item>(list: readonly Item[], request: PageRequest, keyOf: (item: Item) => string): Page<Item> {
  const size = request.MaxItems ?? DEFAULT_ITEMS;
  if (size < 1 || size > MAX_ITEMS) throw constraintViolation('maxItems', size, `Member must be 1 to ${MAX_ITEMS}`);
  const start = request.Marker === undefined ? undefined : Buffer.from(request.Marker, 'base64url').toString();
  const from = start === undefined ? 0 : list.findIndex((item) => keyOf(item) >= start);
  const rest = from < 0 ? [] : list.slice(from);
  const next = rest[size];
  return {
    items: rest.slice(0, size),
    rest:
      next === undefined
        ? { IsTruncated: false }
        : { IsTruncated: true, Marker: Buffer.from(keyOf(next)).toString('base64url') },
  };
}
