import { stampTag } from '../container.ts';
import type { Tags } from '../marker.ts';
import type { Collection } from './types.ts';

/**
 * What an API holds has no tags and no names of its own. The tags of the API say which of it is ours: one for each, by
 * its logical id, with its id and what was applied last.
 */
export interface Stamp {
  readonly collection: Collection;
  readonly id: string;
  readonly applied: string;
}

const PREFIX = stampTag('');
/** `routes/abc123/STAMP`: no stamp has a slash. */
const VALUE = /^(authorizers|integrations|routes)\/([a-z0-9]{1,64})\/([\w.-]{0,200})$/;

export function stampKey(address: string): string {
  return stampTag(address.slice(address.lastIndexOf('/') + 1));
}

export function stampValue({ collection, id, applied }: Stamp): string {
  return `${collection}/${id}/${applied}`;
}

/** By logical id. */
export function stampsIn(tags: Tags): ReadonlyMap<string, Stamp> {
  return new Map(
    Object.entries(tags).flatMap(([key, value]) => {
      const [, collection, id, applied] = VALUE.exec(value) ?? [];
      if (!key.startsWith(PREFIX) || id === undefined || applied === undefined) return [];
      return [[key.slice(PREFIX.length), { collection: collection as Collection, id, applied }] as const];
    }),
  );
}

/** Ids of what is ours in one collection. */
export function stampedIds(tags: Tags, collection: Collection): ReadonlySet<string> {
  const stamps = [...stampsIn(tags).values()];
  return new Set(stamps.flatMap((stamp) => (stamp.collection === collection ? [stamp.id] : [])));
}
