import { formatName } from '../../dns/name.ts';
import type { WireRecord } from '../../dns/types.ts';
import { VPC } from '../ec2/model.ts';
import type { StoredVpc } from '../ec2/model.ts';
import { zones } from '../route53/model.ts';
import type { StoredZone } from '../route53/model.ts';
import { isInZone } from '../route53/name.ts';
import type { Transaction } from '../store/database.ts';

/** The VPC with an id, whoever has it; undefined: it is in nobody's account. */
export function vpcOf(id: string, data: Transaction): StoredVpc | undefined {
  for (const [, vpc] of data.entries(VPC.rows)) if (vpc.id === id) return vpc;
  return undefined;
}

/** The private zone that answers for a name in a VPC: the one with the longest name. */
export function privateZoneFor(name: string, vpc: string, data: Transaction): StoredZone | undefined {
  const [longest] = holding(name, data, (zone) => (zone.vpcs ?? []).some(({ id }) => id === vpc));
  return longest;
}

/**
 * The public zone at which the way down to a name begins: the one with the shortest name, whoever has it. Of several
 * with one name the first counts: which of them is delegated to is written at a registrar.
 */
export function publicZoneAbove(name: string, data: Transaction): StoredZone | undefined {
  return holding(name, data, ({ vpcs }) => vpcs === undefined).at(-1);
}

/** The public zone that a delegation leads to: one of its servers must be the zone's. */
export function delegatedZone(cut: string, servers: readonly WireRecord[], data: Transaction): StoredZone | undefined {
  const hosts = new Set(servers.map(({ rdata }) => formatName(rdata, 'decimal').toLowerCase()));
  for (const [, zone] of data.entries(zones)) {
    if (zone.name === cut && zone.vpcs === undefined && zone.nameServers.some((host) => hosts.has(`${host}.`)))
      return zone;
  }
  return undefined;
}

/** Zones at or above a name, the longest name first; of equal names the highest id. */
function holding(name: string, data: Transaction, wanted: (zone: StoredZone) => boolean): readonly StoredZone[] {
  return [...data.entries(zones)]
    .map(([, zone]) => zone)
    .filter((zone) => isInZone(name, zone.name) && wanted(zone))
    .sort((left, right) => right.name.length - left.name.length || (left.id < right.id ? 1 : -1));
}
