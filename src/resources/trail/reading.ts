import type { Value } from '../../engine/types.ts';
import { objectsIn, textIn } from './record.ts';
import type { Lookup, Parameters, Reading, Subject, Written } from './types.ts';

/** One object, found by these names. */
export function oneLookup(subject: Subject, ...names: readonly (string | undefined)[]): readonly Lookup[] {
  return [{ names: names.filter((name) => name !== undefined), changes: subject.changes }];
}

/** The request's fields are the properties. */
export const asWritten: Reading = (parameters) => ({ fields: upperFields(parameters) });

export const removes: Reading = () => ({ fields: {}, removed: true });

/** The request writes exactly these. */
export function writes(of: (parameters: Parameters) => Written['fields']): Reading {
  return (parameters) => ({ fields: of(parameters) });
}

/** `tags` as a map or as a list, whichever the service takes, under either spelling. */
export const tagged: Reading = ({ tags, addTags }) => ({ fields: {}, tags: tagsOf(tags ?? addTags) });

export const untagged: Reading = ({ tagKeys }) => ({
  fields: {},
  tags: Object.fromEntries(Array.isArray(tagKeys) ? tagKeys.map((key) => [String(key), null]) : []),
});

export function tagsOf(tags: unknown): Readonly<Record<string, Value>> {
  if (Array.isArray(tags)) {
    const list = objectsIn({ tags }, 'tags');
    return Object.fromEntries(list.map((tag) => [textIn(tag, 'key') ?? '', textIn(tag, 'value') ?? '']));
  }
  if (typeof tags !== 'object' || tags === null) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]: [string, unknown]) => [key, String(value)]));
}

export function upperFields(parameters: Parameters): Written['fields'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
}
