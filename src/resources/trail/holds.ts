import { canonical } from '../../engine/value.ts';
import type { Subject, Written } from './types.ts';
import { HIDDEN } from './types.ts';

type Change = Subject['changes'][number];

/** How far a request accounts for a change: it holds what is found, it wrote the field, or nothing of that. */
export type Fit = 'holds' | 'wrote' | 'neither';

/** Lists of tags among the properties; every other path may be the key of a tag. */
const TAG_LISTS: ReadonlySet<string> = new Set(['Tags', 'HostedZoneTags']);

export function fitOf({ fields, tags = {} }: Written, { path, before, after }: Change): Fit {
  if (Object.hasOwn(fields, path)) {
    const written = fields[path];
    return written !== HIDDEN && contains(written, before) ? 'holds' : 'wrote';
  }
  if (TAG_LISTS.has(path)) return fitOfTags(tags, tagsIn(before), tagsIn(after));
  if (!Object.hasOwn(tags, path)) return 'neither';
  return tags[path] === (before ?? null) ? 'holds' : 'wrote';
}

function fitOfTags(written: NonNullable<Written['tags']>, found: Tags, wanted: Tags): Fit {
  const moved = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (key) => found[key] !== wanted[key] && Object.hasOwn(written, key),
  );
  if (moved.length === 0) return 'neither';
  return moved.some((key) => written[key] === (found[key] ?? null)) ? 'holds' : 'wrote';
}

type Tags = Readonly<Record<string, unknown>>;

function tagsIn(list: unknown): Tags {
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(
    list.map((tag: { readonly Key?: unknown; readonly Value?: unknown } | null) => [String(tag?.Key), tag?.Value]),
  );
}

/**
 * Does a request hold a value as it is observed? Spellings differ: CloudTrail begins names with a small letter, policies
 * are text, order in lists means nothing, and what is empty may be left out. A request may hold more than what is managed.
 */
export function contains(written: unknown, observed: unknown): boolean {
  if (isEmpty(observed)) return isEmpty(written);
  if (typeof written === 'string' && typeof observed === 'object') return contains(documentIn(written), observed);
  if (Array.isArray(observed)) {
    return Array.isArray(written) && canonical(sorted(written)) === canonical(sorted(observed));
  }
  if (typeof observed === 'object' && observed !== null) {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) return false;
    const given = new Map(Object.entries(written).map(([key, item]: [string, unknown]) => [lowerFirst(key), item]));
    return Object.entries(observed).every(([key, item]: [string, unknown]) =>
      contains(given.get(lowerFirst(key)), item),
    );
  }
  return written === observed;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** A policy's text, URL-encoded as IAM answers it or not; undefined: none. */
function documentIn(text: string): unknown {
  for (const read of [(): string => text, (): string => decodeURIComponent(text)]) {
    try {
      return JSON.parse(read()) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}

function sorted(list: readonly unknown[]): readonly string[] {
  return list.map((item) => canonical(lowered(item))).sort();
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return sorted(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isEmpty(item))
      .map(([key, item]: [string, unknown]) => [lowerFirst(key), lowered(item)]),
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
