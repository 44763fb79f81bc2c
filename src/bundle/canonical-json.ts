import { BundleError } from './errors.ts';
import type { BundleCode } from './errors.ts';

/** JSON without white space, members sorted by name: one text for one value. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => (isRecord(member) ? sorted(member) : member));
}

/**
 * Reads what `canonicalJson` wrote, and nothing else: no other text of the same value.
 * @throws BundleError with this code.
 */
export function parseCanonicalJson(bytes: Uint8Array, code: BundleCode, what: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    // Of a value too deep for it there is no text, either.
    if (canonicalJson(value) === text) return value;
  } catch (cause) {
    throw new BundleError(code, `${what} is no JSON`, cause);
  }
  throw new BundleError(code, `${what} is not written canonically`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
