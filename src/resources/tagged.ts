import { equal } from '../engine/value.ts';
import type {
  Difference,
  Located,
  MarkedObject,
  Observation,
  Present,
  Progress,
  Target,
  Value,
} from '../engine/types.ts';
import {
  ADOPTED_TAG,
  APPLIED_TAG,
  allOwnTags,
  OWNER_TAG,
  isProtected,
  managedTags,
  markerOf,
  metadataDifferences,
  onRemoveOf,
  ownTags,
  staleOwnTags,
  tagsOf,
} from './marker.ts';
import type { Tag, Tags } from './marker.ts';
import { isNamedAfterSome, isNamedByOwner } from './names.ts';

/**
 * What types have in common whose objects are found by name, carry their marker as a tag from their creation on, and
 * have a property `Tags` in CloudFormation's form.
 */
export interface TaggedProperties {
  /** Declared tags; all others on the object are unmanaged. */
  readonly Tags?: readonly Tag[];
}

/** An observation that remembers every tag of the object, managed or not. */
export interface TaggedPresent<Properties, Attributes> extends Present<Properties, Attributes> {
  readonly tags: Tags;
}

/** Writes the tags of one object. */
export interface TagWriter {
  add(tags: Tags): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** The tags of a create: declared ones and the marker; `trueup:applied` comes last and alone. */
export function tagsAtCreate(target: Target<TaggedProperties>): Tags {
  return { ...tagsOf(target.properties.Tags), ...ownTags(target) };
}

/** The observation of an object with its tags. Its name is the witness: it is looked for under no other. */
export function taggedPresent<Properties extends TaggedProperties, Attributes>(
  target: Target<Properties>,
  found: Pick<Present<Properties, Attributes>, 'resource' | 'properties' | 'attributes'>,
  tags: Tags,
): TaggedPresent<Properties, Attributes> {
  return {
    state: 'present',
    ...found,
    properties: { ...found.properties, Tags: managedTags(target.properties.Tags, tags) },
    marker: tags[OWNER_TAG],
    witness: true,
    applied: tags[APPLIED_TAG],
    protected: isProtected(tags),
    ...onRemoveOf(tags),
    tags,
  };
}

/** Properties that are not equal may mean the same. */
type IsSame = (path: string, before: Value, after: Value) => boolean;

/** Property by property, and what the document's metadata say of protection. */
export function taggedDifferences<Properties extends object, Attributes>(
  target: Target<Properties>,
  seen: Present<Properties, Attributes>,
  isSame?: IsSame,
): readonly Difference[] {
  return [...propertyDifferences(target, seen, isSame), ...metadataDifferences(target, tagsSeen(seen))];
}

/** Property by property, of those that are declared. */
export function propertyDifferences<Properties extends object, Attributes>(
  target: Target<Properties>,
  seen: Present<Properties, Attributes>,
  isSame: IsSame = (_path, before, after) => equal(before, after),
): readonly Difference[] {
  const wanted = target.properties as Readonly<Record<string, Value>>;
  const found = seen.properties as Readonly<Record<string, Value | undefined>>;
  return Object.entries(wanted).flatMap(([path, after]) => {
    const before = found[path] ?? null;
    return isSame(path, before, after) ? [] : [{ path, before, after }];
  });
}

/** Every tag of the object when it was observed. */
export function tagsSeen(seen: Present<never, never> | Present<object, unknown>): Tags {
  if ('tags' in seen) return seen.tags as Tags;
  throw new Error(`${seen.resource} was observed without its tags`);
}

/**
 * One update in the order that a crash may interrupt anywhere: marker and declared tags, then `change`, then
 * `trueup:applied` alone.
 *
 * @param more tags of the type's own.
 */
export async function updateTagged<Properties extends TaggedProperties, Attributes>(
  target: Target<Properties>,
  seen: Present<Properties, Attributes>,
  writer: TagWriter,
  change: () => Promise<void>,
  more: Tags = {},
): Promise<Progress> {
  const tags = tagsSeen(seen);
  const missing = Object.entries({ ...tagsAtCreate(target), ...more }).filter(([key, value]) => tags[key] !== value);
  if (missing.length > 0) await writer.add(Object.fromEntries(missing));
  const stale = staleOwnTags(target, tags);
  if (stale.length > 0) await writer.remove(stale);
  await change();
  if (tags[APPLIED_TAG] !== target.applied) await writer.add({ [APPLIED_TAG]: target.applied });
  return { done: true };
}

/**
 * The marker and nothing else.
 *
 * @param witness what tells this object from a copy, where its name does not.
 */
export async function adoptTagged<Properties, Attributes>(
  target: Pick<Target, 'owner' | 'address' | 'formerOwners'>,
  seen: Present<Properties, Attributes>,
  writer: TagWriter,
  witness: Tags = {},
): Promise<Progress> {
  const marker = markerOf(target);
  // One that follows its document keeps its first name, which says nothing of the new marker.
  const isRenamed = seen.marker !== undefined && !isNamedByOwner({ ...target, marker }, seen.resource);
  await writer.add({ [OWNER_TAG]: marker, ...(isRenamed && { [ADOPTED_TAG]: seen.resource }), ...witness });
  return { done: true };
}

/** Takes our tags away: nobody owns it afterwards. */
export async function releaseTagged<Properties, Attributes>(
  seen: Present<Properties, Attributes>,
  writer: TagWriter,
): Promise<Progress> {
  const keys = allOwnTags(tagsSeen(seen));
  if (keys.length > 0) await writer.remove(keys);
  return { done: true };
}

/**
 * Finds an object by its own name again. Where that does not follow from its marker, as of a document that was renamed,
 * a tag must hold the name: one that was copied holds another's.
 *
 * @throws Error with the reason where that tag could not be read.
 */
export async function locateTagged<Properties, Attributes>(
  object: MarkedObject,
  name: string,
  properties: Partial<Properties>,
  observe: (target: Target<Properties>) => Promise<Observation<Properties, Attributes>>,
): Promise<Located<Properties>> {
  const { marker, place } = object;
  if (isNamedByOwner(object, name)) return { properties, witnessed: true };
  const cut = marker.indexOf('/');
  const seen = await observe({
    owner: marker.slice(0, cut),
    address: marker.slice(cut + 1),
    place,
    properties: properties as Properties,
    token: '',
    applied: '',
    protect: false,
  });
  if (seen.state === 'unknown') throw new Error(seen.detail);
  const isHeld = seen.state === 'present' && tagsSeen(seen)[ADOPTED_TAG] === name;
  return { properties, witnessed: isHeld, ...(isHeld && !isNamedAfterSome(object, name) && { byTag: true }) };
}

/** Found items in the declared order, where it means nothing and they are the same ones; else as they were found. */
export function inDeclaredOrder<Item>(
  declared: readonly Item[] | undefined,
  found: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const byKey = new Map(found.map((item) => [keyOf(item), item]));
  const ordered = (declared ?? []).flatMap((item) => byKey.get(keyOf(item)) ?? []);
  return ordered.length === found.length ? ordered : found;
}
