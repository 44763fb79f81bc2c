import type { ResourceRecordSet, ResourceRecordSetProtection } from '@aws-sdk/client-route-53';
import type { Aws } from '../../aws/clients.ts';
import { foldName } from '../../dns/name.ts';
import { compareSerial } from '../../dns/serial.ts';
import type { Soa } from '../../dns/types.ts';
import type { Place } from '../../engine/types.ts';
import { apexSoaOf, listProtections, listRecordSets, readApexSoa } from './listing.ts';
import { route53Of } from '../route53-client.ts';
import type { ApexSoa } from './listing.ts';

/** What Route 53 holds of a zone. Not listed: only the SOA was read, because its serial says that nothing moved. */
export interface ZoneState {
  readonly apex: ApexSoa | undefined;
  /** The serial that the mirror answers with, where Route 53's API was not asked at all. */
  readonly answered?: number | null;
  readonly listing?: {
    readonly sets: readonly ResourceRecordSet[];
    readonly protections: readonly ResourceRecordSetProtection[];
  };
}

/** Every hosted zone starts with this serial, and holds its apex NS and SOA only. */
export const FIRST_SERIAL = 1;
const SETS_OF_A_NEW_ZONE = 2;

/** The serial that the mirror serves; null: it never was written. */
export function servedSerial({ apex, answered, listing }: ZoneState): number | null {
  if (answered !== undefined) return answered;
  if (!apex) return null;
  const isNew = apex.soa.serial === FIRST_SERIAL && (listing?.sets.length ?? 0) <= SETS_OF_A_NEW_ZONE;
  return isNew ? null : apex.soa.serial;
}

/** Asks whom the mirror's clients ask for its SOA, whose serial says which version it serves; undefined: no answer. */
export type SerialMemory = (domain: string) => Promise<Soa | undefined>;

export interface StateRequest {
  readonly place: Place;
  readonly zoneId: string;
  readonly domain: string;
  /** The source's, where the same serial at the mirror makes a listing needless. */
  readonly source?: Soa;
  readonly memory?: SerialMemory | undefined;
}

/**
 * Does the answer say that the mirror serves the source's version? Not if it names the source's own server: then a
 * resolver rule sends the question to the primary, which would vouch for itself.
 */
export function isOfMirror(answer: Soa | undefined, source: Soa): boolean {
  return answer?.serial === source.serial && foldName(answer.mname) !== foldName(source.mname);
}

export async function readState(aws: Aws, request: StateRequest): Promise<ZoneState> {
  const { place, zoneId, domain, source, memory } = request;
  // A new zone has a serial too: there only the listing tells whether it was ever written.
  if (source !== undefined && source.serial !== FIRST_SERIAL) {
    if (isOfMirror(await memory?.(domain), source)) return { apex: undefined, answered: source.serial };
    const apex = await readApexSoa(await route53Of(aws, place), zoneId, domain);
    // A source that went backwards is blocked by its serial alone.
    if (apex && apex.soa.serial !== FIRST_SERIAL && compareSerial(source.serial, apex.soa.serial) !== 1) {
      return { apex };
    }
  }
  const client = await route53Of(aws, place);
  const sets = await listRecordSets(client, zoneId);
  return { apex: apexSoaOf(sets), listing: { sets, protections: await listProtections(client, zoneId) } };
}
