import { MAX_KEY_OCTETS } from './object-key.ts';
import { compileReplacement } from './replacement.ts';
import type { KeyRewrite, ObjectFilter } from './types.ts';

/** Where an object goes, or why it cannot go anywhere. */
export type DestinationKey = { readonly key: string } | { readonly fault: 'empty' | 'too-long' };

export type MapKey = (sourceKey: string) => DestinationKey;

/**
 * From a source's key to that of its copy: prefix + rewrite(strip(key)).
 *
 * @throws PatternError for a rewrite that `validate` refuses
 */
export function compileDestinationKey({ strip = '', replace = [] }: KeyRewrite, prefix: string): MapKey {
  const rules = replace.map(compileReplacement);
  return (sourceKey) => {
    let key = sourceKey.startsWith(strip) ? sourceKey.slice(strip.length) : sourceKey;
    for (const rule of rules) {
      key = rule(key);
      // Before the next rule: so no rule ever sees more than a key can be.
      if (Buffer.byteLength(key) > MAX_KEY_OCTETS) return { fault: 'too-long' };
    }
    if (key === '') return { fault: 'empty' };
    return Buffer.byteLength(prefix + key) > MAX_KEY_OCTETS ? { fault: 'too-long' } : { key: prefix + key };
  };
}

/** Has every key that is copied a place of its own? What a pattern makes of keys is not known. */
export function isOneToOne({ strip = '', replace = [] }: KeyRewrite, { prefix = '' }: ObjectFilter): boolean {
  return replace.length === 0 && prefix.startsWith(strip);
}
