import { resourceAddress } from '../engine/address.ts';
import { hash } from '../engine/value.ts';
import type { Document } from '../engine/types.ts';

const HASH_DIGITS = 8;

/**
 * The logical id of a resource in a template, `[A-Za-z0-9]{1,255}`: its kind, name and id to be read, and a hash of its
 * address, because neither `a-1` and `a1` nor where a name ends can be told without hyphens.
 */
export function logicalId(document: Pick<Document, 'kind' | 'name'>, id: string): string {
  const words = document.name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const digits = hash(resourceAddress(document, id)).slice(0, HASH_DIGITS).toUpperCase();
  return document.kind + words.join('') + id + digits;
}
