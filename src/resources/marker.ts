import { causeOfMetadata } from '../engine/applied.ts';
import type { Difference, OnRemove, Target } from '../engine/types.ts';

/** The tags by which trueup knows its own objects (docs/architecture.md, "Markers"). */
export const OWNER_TAG = 'trueup:owner';
export const APPLIED_TAG = 'trueup:applied';
/** Id of an object that was taken over: there the witness is that of its maker. */
export const ADOPTED_TAG = 'trueup:adopted';
const PROTECT_TAG = 'trueup:protect';
const ON_REMOVE_TAG = 'trueup:on-remove';
/** Holds the version of the code that is deployed, for people. */
export const CODE_TAG = 'trueup:code';

const OWN_TAGS: readonly string[] = [OWNER_TAG, APPLIED_TAG, ADOPTED_TAG, PROTECT_TAG, ON_REMOVE_TAG, CODE_TAG];

export type Tags = Readonly<Record<string, string>>;

/** A type alias, not an interface: so it counts as a `Value`. */
export type Tag = { readonly Key: string; readonly Value: string };

export function tagsOf(
  list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** In the order of their keys. */
export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

/** The declared tags as they are on the object; all others are unmanaged. */
export function managedTags(declared: readonly Tag[] | undefined, tags: Tags): Tag[] {
  return (declared ?? []).flatMap(({ Key }) => {
    const value = tags[Key];
    return value === undefined ? [] : [{ Key, Value: value }];
  });
}

/** The value of the owner tag. */
export function markerOf(target: Pick<Target, 'owner' | 'address'>): string {
  return `${target.owner}/${target.address}`;
}

/** Our own tags on an object, without `trueup:applied`, which is written last and alone. */
export function ownTags(target: Pick<Target, 'owner' | 'address' | 'protect' | 'onRemove'>): Tags {
  return {
    [OWNER_TAG]: markerOf(target),
    ...(target.protect && { [PROTECT_TAG]: 'true' }),
    ...(target.onRemove && { [ON_REMOVE_TAG]: target.onRemove }),
  };
}

export function isProtected(tags: Tags): boolean {
  return tags[PROTECT_TAG] === 'true';
}

/** What the object says of its removal; a word that is none of ours says nothing. */
export function onRemoveOf(tags: Tags): { readonly onRemove?: OnRemove } {
  const onRemove = tags[ON_REMOVE_TAG];
  return onRemove === 'release' || onRemove === 'delete' ? { onRemove } : {};
}

/** Every tag of ours: all that a release takes away. */
export function allOwnTags(tags: Tags): readonly string[] {
  return Object.keys(tags).filter((key) => OWN_TAGS.includes(key) || key.startsWith(`${APPLIED_TAG}:`));
}

/** Our tags that are there and should not be: protection that the document took back. */
export function staleOwnTags(target: Pick<Target, 'protect' | 'onRemove'>, tags: Tags): readonly string[] {
  const unwanted = [...(target.protect ? [] : [PROTECT_TAG]), ...(target.onRemove ? [] : [ON_REMOVE_TAG])];
  return unwanted.filter((key) => key in tags);
}

/** `metadata.protect` and `metadata.onRemove` as they differ from what the object says. */
export function metadataDifferences(target: Pick<Target, 'protect' | 'onRemove'>, tags: Tags): readonly Difference[] {
  const wanted = {
    [PROTECT_TAG]: target.protect ? 'true' : null,
    [ON_REMOVE_TAG]: target.onRemove ?? null,
  };
  const cause = causeOfMetadata(tags[APPLIED_TAG], { protect: isProtected(tags), ...onRemoveOf(tags) }, target);
  return Object.entries(wanted).flatMap(([path, after]) => {
    const before = tags[path] ?? null;
    return before === after ? [] : [{ path, before, after, cause }];
  });
}
