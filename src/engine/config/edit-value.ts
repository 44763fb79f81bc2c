import { childPointer, pointerSegments } from './pointer.ts';
import { isPlainMap, plainMap, type PlainMap } from './yaml-value.ts';

/** A document's data at a JSON pointer; undefined: there is nothing. */
export function valueAtPointer(value: unknown, pointer: string): unknown {
  return pointerSegments(pointer).reduce<unknown>((node, segment) => {
    if (Array.isArray(node)) return node[Number(segment)] as unknown;
    return isPlainMap(node) && Object.hasOwn(node, segment) ? node[segment] : undefined;
  }, value);
}

/**
 * A copy of a document's data with another value at a JSON pointer; mappings on the way are made, and undefined takes the
 * field or item away.
 */
export function withValueAt(value: unknown, pointer: string, changed: unknown): unknown {
  return replaced(value, pointerSegments(pointer), changed);
}

function replaced(node: unknown, [segment, ...rest]: readonly string[], changed: unknown): unknown {
  if (segment === undefined) return changed;
  if (Array.isArray(node)) {
    const index = Number(segment);
    const item = replaced(node[index], rest, changed);
    return item === undefined ? node.toSpliced(index, 1) : node.toSpliced(index, 1, item);
  }
  const map: PlainMap = Object.assign(plainMap(), isPlainMap(node) ? node : {});
  const field = replaced(map[segment], rest, changed);
  if (field === undefined) delete map[segment];
  else map[segment] = field;
  return map;
}

/** The deepest place on the way to a pointer that is there, and the pointer of what is missing below it. */
export function deepestPresent(
  value: unknown,
  pointer: string,
): { readonly present: string; readonly missing: readonly string[] } {
  const segments = pointerSegments(pointer);
  for (let length = segments.length; length > 0; length -= 1) {
    const present = segments.slice(0, length).reduce((path, segment) => childPointer(path, segment), '');
    if (valueAtPointer(value, present) !== undefined) return { present, missing: segments.slice(length) };
  }
  return { present: '', missing: segments };
}
