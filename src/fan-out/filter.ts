import type { ObjectFilter } from './types.ts';

/** Is an object copied? A size that is not known is admitted: it is asked for before the copy. */
export function admits(filter: ObjectFilter, key: string, size?: number): boolean {
  const { prefix = '', suffix = '', minSize = 0, maxSize = Number.POSITIVE_INFINITY } = filter;
  if (!key.startsWith(prefix) || !key.endsWith(suffix)) return false;
  return size === undefined || (size >= minSize && size <= maxSize);
}
