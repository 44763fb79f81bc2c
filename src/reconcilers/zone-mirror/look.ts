import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding, Place } from '../../engine/types.ts';
import { alarmTopicFindings } from '../alarm-topic-findings.ts';
import { networkFindings } from '../network-findings.ts';
import type { Readers } from '../readers.ts';
import { networkNeeds } from './network-needs.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/**
 * Whether the function could do its work where the document puts it: primaries, AWS, a resolver that knows the zone; and
 * whether anybody hears of its alarm.
 */
export async function look(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  readers: Readers,
): Promise<readonly Finding[]> {
  const place = estate.place(document.spec.account, document.spec.region);
  const [network, topic] = await Promise.all([
    lookAtNetwork(document, estate, place, readers.network),
    alarmTopicFindings({ document: documentAddress(document), place }, estate, readers.topic),
  ]);
  return [...network, ...topic];
}

async function lookAtNetwork(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  place: Place,
  network: Readers['network'],
): Promise<readonly Finding[]> {
  const { spec } = document;
  if (!spec.network) return [];
  const needs = networkNeeds(spec, estate, spec.network);
  const seen = await network(place, { ...needs, vpcs: needs.privateZoneVpcs });
  return networkFindings(documentAddress(document), seen, needs);
}
