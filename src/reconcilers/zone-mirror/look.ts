import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { networkFindings } from '../network-findings.ts';
import type { Readers } from '../readers.ts';
import { networkNeeds } from './network-needs.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Whether the function could do its work where the document puts it: primaries, AWS, a resolver that knows the zone. */
export async function look(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  { network }: Readers,
): Promise<readonly Finding[]> {
  const { spec } = document;
  if (!spec.network) return [];
  const place = estate.place(spec.account, spec.region);
  const needs = networkNeeds(spec, estate, spec.network);
  const seen = await network(place, { ...needs, vpcs: needs.privateZoneVpcs });
  return networkFindings(documentAddress(document), seen, needs);
}
