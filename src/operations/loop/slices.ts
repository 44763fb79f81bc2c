import { documentAddress } from '../../engine/address.ts';
import type { Address, Document, Estate } from '../../engine/types.ts';
import { KINDS } from '../../reconcilers/registry.ts';

/**
 * Resources that are looked at together: at twelve calls a second (IAM, Lambda) and some three calls each this takes a
 * minute in one account, a small part of the fifteen that Lambda gives.
 */
const RESOURCES_A_SLICE = 250;

/** Documents in the order of their addresses, cut where enough resources are together; the same tree gives the same slices. */
export function slicesOf(documents: readonly Document[], estate: Estate): readonly (readonly Address[])[] {
  const kinds = new Map(KINDS.map(({ kind }) => [kind.kind, kind]));
  const slices: Address[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const document of [...documents].sort((a, b) => (documentAddress(a) < documentAddress(b) ? -1 : 1))) {
    const resources = kinds.get(document.kind)?.compile(document, estate).length ?? 0;
    if (size + resources > RESOURCES_A_SLICE) {
      slices.push([]);
      size = 0;
    }
    slices.at(-1)?.push(documentAddress(document));
    size += resources;
  }
  return slices;
}
