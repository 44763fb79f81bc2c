import { createHash } from 'node:crypto';

/** Who an object is: nothing else decides its name. */
export interface Identity {
  readonly owner: string;
  readonly kind: string;
  readonly name: string;
  /** `[A-Za-z0-9]{1,64}`. */
  readonly logicalId: string;
}

/** Hex digits of the hash in a name: 40 bits, a collision is less likely than 1 in 200 among 100,000 objects. */
const HASH_DIGITS = 10;

function kebab(logicalId: string): string {
  return logicalId
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/**
 * The name of an AWS object: `<name>-<logical id, kebab>-<10 hex of SHA-256(owner/kind/name/logical id)>`, its left
 * part cut so that the whole has at most `maxLength` characters. The hash covers the full identity, so that neither
 * the cut nor the folding of letter case makes two objects one.
 */
export function physicalName({ owner, kind, name, logicalId }: Identity, maxLength: number): string {
  const hash = createHash('sha256').update(`${owner}/${kind}/${name}/${logicalId}`).digest('hex').slice(0, HASH_DIGITS);
  const left = `${name}-${kebab(logicalId)}`.slice(0, maxLength - HASH_DIGITS - 1).replace(/(?<!-)-+$/, '');
  return left === '' ? hash : `${left}-${hash}`;
}
