import type { ResourceRecordSet, ResourceRecordSetProtection } from '@aws-sdk/client-route-53';
import type { Aws } from '../../aws/clients.ts';
import type { Place } from '../../engine/types.ts';
import { apexSoaOf, listProtections, listRecordSets, readApexSoa } from './listing.ts';
import { route53Of } from '../route53-client.ts';
import type { ApexSoa } from './listing.ts';

/** What Route 53 holds of a zone. Not listed: only the SOA was read, because its serial says that nothing moved. */
export interface ZoneState {
  readonly apex: ApexSoa | undefined;
  readonly listing?: {
    readonly sets: readonly ResourceRecordSet[];
    readonly protections: readonly ResourceRecordSetProtection[];
  };
}

/** Every hosted zone starts with this serial, and holds its apex NS and SOA only. */
export const FIRST_SERIAL = 1;
const SETS_OF_A_NEW_ZONE = 2;

/** The serial that the mirror serves; null: it never was written. */
export function servedSerial({ apex, listing }: ZoneState): number | null {
  if (!apex) return null;
  const isNew = apex.soa.serial === FIRST_SERIAL && (listing?.sets.length ?? 0) <= SETS_OF_A_NEW_ZONE;
  return isNew ? null : apex.soa.serial;
}

export async function readState(
  aws: Aws,
  place: Place,
  zoneId: string,
  domain: string,
  /** Serial of the source where an equal one makes a listing needless. */
  unmovedSerial: number | undefined,
): Promise<ZoneState> {
  const client = await route53Of(aws, place);
  // A new zone has a serial too: there only the listing tells whether it was ever written.
  if (unmovedSerial !== undefined && unmovedSerial !== FIRST_SERIAL) {
    const apex = await readApexSoa(client, zoneId, domain);
    if (apex?.soa.serial === unmovedSerial) return { apex };
  }
  const sets = await listRecordSets(client, zoneId);
  return { apex: apexSoaOf(sets), listing: { sets, protections: await listProtections(client, zoneId) } };
}
