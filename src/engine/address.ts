import type { Address } from './types.ts';

/** `kind/name`. */
export function documentAddress(document: { readonly kind: string; readonly name: string }): Address {
  return `${document.kind}/${document.name}`;
}

/** `kind/name/logical id`. */
export function resourceAddress(document: { readonly kind: string; readonly name: string }, id: string): Address {
  return `${documentAddress(document)}/${id}`;
}

/** A resource's address, then those that it had under the earlier names of its document. */
export function addressesOf(
  { kind, name, formerly }: { readonly kind: string; readonly name: string; readonly formerly: readonly string[] },
  id: string,
): readonly Address[] {
  return [name, ...formerly].map((one) => resourceAddress({ kind, name: one }, id));
}

/** `kind/name` of a resource's address. */
export function documentOf(address: Address): Address {
  return address.slice(0, address.lastIndexOf('/'));
}
