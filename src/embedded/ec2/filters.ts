import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { invalidParameter } from './errors.ts';

type FilterValue = string | number | boolean | undefined;

/** Filters of a command by name: the values of an object that one of the filter's values must match. */
export type FilterFields<Shown> = Readonly<Record<string, (shown: Shown) => FilterValue | readonly FilterValue[]>>;

/** EC2 API Reference, "Filter": at most 200 values. */
const MAX_VALUES = 200;
const TAG_FILTER = /^tag:(.+)$/s;

/**
 * A test for all filters of a request: each must match by one of its values, in which `*` and `?` are wildcards and a
 * backslash makes them plain ("List and filter using the CLI and API").
 *
 * @throws InvalidParameterValue for a filter that the command does not have.
 */
export function openFilters<Shown extends object>(
  filters: readonly Filter[] | undefined,
  fields: FilterFields<Shown>,
): (shown: Shown) => boolean {
  const tests = (filters ?? []).map(({ Name: name = '', Values: wanted = [] }) => {
    const field = fieldOf(name, fields);
    if (wanted.length > MAX_VALUES) throw invalidParameter(`The filter '${name}' has over ${MAX_VALUES} values`);
    const patterns = wanted.map(toPattern);
    return (shown: Shown): boolean => {
      const values = [field(shown)].flat().flatMap((value) => (value === undefined ? [] : String(value)));
      return values.some((value) => patterns.some((pattern) => pattern.test(value)));
    };
  });
  return (shown) => tests.every((test) => test(shown));
}

function fieldOf<Shown extends object>(name: string, fields: FilterFields<Shown>): FilterFields<Shown>[string] {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known !== undefined) return known;
  const key = TAG_FILTER.exec(name)?.[1];
  if (key !== undefined) return (shown) => tagsOf(shown).flatMap((tag) => (tag.Key === key ? (tag.Value ?? '') : []));
  if (name === 'tag-key') return (shown) => tagsOf(shown).map((tag) => tag.Key);
  throw invalidParameter(`The filter '${name}' is invalid`);
}

function tagsOf(shown: object): readonly Tag[] {
  const { Tags, TagSet } = shown as { readonly Tags?: readonly Tag[]; readonly TagSet?: readonly Tag[] };
  return Tags ?? TagSet ?? [];
}

function toPattern(wanted: string): RegExp {
  const source = wanted.replaceAll(/\\[\s\S]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.slice(-1).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, 's');
}
