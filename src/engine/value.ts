import { createHash } from 'node:crypto';
import type { Join, Ref, Value } from './types.ts';

/** JSON with sorted keys, without undefined: equal values give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

export function equal(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** SHA-256 of the canonical text, 64 hex digits. */
export function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && '$get' in value;
}

export function isJoin(value: unknown): value is Join {
  return typeof value === 'object' && value !== null && '$join' in value;
}

/** Every reference in a late value, in order of appearance. */
export function refsOf(value: unknown): (readonly [id: string, attribute: string])[] {
  if (isRef(value)) return [value.$get];
  if (isJoin(value)) return value.$join.flatMap(refsOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(refsOf);
  return [];
}

/** The attribute of another resource; undefined while it is not known. */
export type AttributeLookup = (id: string, attribute: string) => Value | undefined;

/** Puts known attributes in place of references; undefined when one of them is not known yet. */
export function resolve(value: unknown, attributeOf: AttributeLookup): Value | undefined {
  if (isRef(value)) return attributeOf(...value.$get);
  if (isJoin(value)) {
    const parts = value.$join.map((part) => resolve(part, attributeOf));
    return parts.includes(undefined) ? undefined : parts.map(String).join('');
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => resolve(item, attributeOf));
    return items.includes(undefined) ? undefined : (items as Value[]);
  }
  if (typeof value === 'object' && value !== null) {
    const resolved: Record<string, Value> = {};
    for (const [key, item] of Object.entries(value)) {
      const known = resolve(item, attributeOf);
      if (known === undefined) return undefined;
      resolved[key] = known;
    }
    return resolved;
  }
  return value as Value;
}

/** Puts known attributes in place of references, and leaves what is not known yet as it is. */
export function resolveKnown(value: unknown, attributeOf: AttributeLookup): unknown {
  if (isRef(value) || isJoin(value)) return resolve(value, attributeOf) ?? value;
  if (Array.isArray(value)) return value.map((item) => resolveKnown(item, attributeOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveKnown(item, attributeOf)]));
}
