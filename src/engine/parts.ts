import type { Address } from './types.ts';
import type { World } from './world.ts';

/**
 * What people would count, by the address of an object: a destination with all that serves it, where its kind says so;
 * else the object itself.
 */
export type PartOf = (address: Address) => Address;

/** `Kind/name/LogicalId`, and `@ACCOUNT/REGION` behind it where the same address is in two places. */
const ADDRESS = /^([^/]+)\/([^/]+)\/([^@]+)(.*)$/;

export function partsOf({ kinds }: Pick<World, 'kinds'>): PartOf {
  return (address) => {
    const [, kind = '', name = '', logicalId = '', place = ''] = ADDRESS.exec(address) ?? [];
    const part = kinds.get(kind)?.part?.(logicalId);
    return part === undefined ? address : `${kind}/${name}/${part}${place}`;
  };
}

/** Parts by kind. */
export function countParts(addresses: readonly Address[], partOf: PartOf): Map<string, number> {
  const parts = new Map<string, Set<Address>>();
  // Where no part is made of several, each object counts, also two of one address.
  const alone = new Map<string, number>();
  for (const address of addresses) {
    const kind = address.slice(0, address.indexOf('/'));
    const part = partOf(address);
    if (part === address) alone.set(kind, (alone.get(kind) ?? 0) + 1);
    else parts.set(kind, (parts.get(kind) ?? new Set()).add(part));
  }
  return new Map(
    [...new Set([...alone.keys(), ...parts.keys()])].map((kind) => [
      kind,
      (alone.get(kind) ?? 0) + (parts.get(kind)?.size ?? 0),
    ]),
  );
}
