import type { Address } from './types.ts';

/** `kind/name`. */
export function documentAddress(document: { readonly kind: string; readonly name: string }): Address {
  return `${document.kind}/${document.name}`;
}

/** `kind/name/logical id`. */
export function resourceAddress(document: { readonly kind: string; readonly name: string }, id: string): Address {
  return `${documentAddress(document)}/${id}`;
}

/** `kind/name` of a resource's address. */
export function documentOf(address: Address): Address {
  return address.slice(0, address.lastIndexOf('/'));
}
