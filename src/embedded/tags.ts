import type { ConditionKeys } from './service.ts';

export type Tags = Readonly<Record<string, string>>;

/** One tag in the list form that most APIs have. */
interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tagging AWS Resources User Guide, "Tag naming limits and requirements". */
const MAX_TAGS = 50;
export const MAX_TAG_KEY = 128;
export const MAX_TAG_VALUE = 256;
const RESERVED_KEY = /^aws:/i;

export function isReservedKey(key: string): boolean {
  return RESERVED_KEY.test(key);
}

export function tagsFrom(list: readonly ListedTag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** In the order of their keys. */
export function listTags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((left, right) => (left.Key < right.Key ? -1 : 1));
}

/**
 * Tags of a resource after some were added or replaced.
 *
 * @param refuse the service's error for a bad tag; `tooMany` its error for more than 50.
 */
export function withTags(
  before: Tags,
  added: Tags,
  refuse: (message: string) => Error,
  tooMany: (message: string) => Error = refuse,
): Tags {
  for (const [key, value] of Object.entries(added)) {
    if (key === '' || key.length > MAX_TAG_KEY)
      throw refuse(`Tag key must have 1 to ${MAX_TAG_KEY} characters: ${key}`);
    if (value.length > MAX_TAG_VALUE) throw refuse(`Tag value must have at most ${MAX_TAG_VALUE} characters: ${value}`);
    if (isReservedKey(key)) throw refuse(`Tag keys that begin with aws: are reserved: ${key}`);
  }
  const after = { ...before, ...added };
  // What AWS itself has tagged does not count.
  const count = Object.keys(after).filter((key) => !isReservedKey(key)).length;
  if (count > MAX_TAGS) throw tooMany(`A resource can have at most ${MAX_TAGS} tags, this would be ${count}.`);
  return after;
}

export function withoutTags(before: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(before).filter(([key]) => !keys.includes(key)));
}

/** The condition keys of a request that carries tags, or names tags to remove. */
export function requestTagKeys(tags: Tags | readonly string[]): ConditionKeys {
  const written: Tags = Array.isArray(tags) ? {} : (tags as Tags);
  const keys: readonly string[] = Array.isArray(tags) ? tags : Object.keys(tags);
  if (keys.length === 0) return {};
  const each = Object.entries(written).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...(Object.fromEntries(each) as ConditionKeys), 'aws:TagKeys': keys };
}

/** The condition keys of the tags that a resource carries. */
export function resourceTagKeys(tags: Tags | undefined): ConditionKeys {
  return Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
