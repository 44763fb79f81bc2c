import type { Value } from '../engine/types.ts';
import { equal } from '../engine/value.ts';

/** One place in which two documents differ; null: not there. */
export interface DocumentChange {
  /** Names with dots between; a name that is no plain word is quoted as JSON. An item of a list goes by its index. */
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
}

type Mapping = Readonly<Record<string, Value>>;

const PLAIN = /^[\w-]+$/;

/**
 * Where two documents differ, as deep as both have the same shape, sorted by name. Lists of one length are compared item
 * by item where they hold mappings, all others as a whole: an item that is put in front moves no other.
 */
export function documentChanges(before: Mapping, after: Mapping): readonly DocumentChange[] {
  return mappingChanges('', before, after);
}

function mappingChanges(path: string, before: Mapping, after: Mapping): readonly DocumentChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const word = PLAIN.test(name) ? name : JSON.stringify(name);
    return changesAt(path === '' ? word : `${path}.${word}`, own(before, name), own(after, name));
  });
}

function changesAt(path: string, before: Value, after: Value): readonly DocumentChange[] {
  if (isMapping(before) && isMapping(after)) return mappingChanges(path, before, after);
  if (isListOfMappings(before) && isListOfMappings(after) && before.length === after.length) {
    return before.flatMap((item, index) => mappingChanges(`${path}.${index}`, item, after[index] ?? {}));
  }
  return equal(before, after) ? [] : [{ path, before, after }];
}

/** Names such as `constructor` are found in every object. */
function own(mapping: Mapping, name: string): Value {
  return Object.hasOwn(mapping, name) ? (mapping[name] ?? null) : null;
}

function isMapping(value: Value): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfMappings(value: Value): value is readonly Mapping[] {
  return Array.isArray(value) && value.every(isMapping);
}
