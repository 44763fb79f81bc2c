import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

import { parseName } from '../../dns/name.ts';
import { parseRdata } from '../../dns/rdata.ts';
import { typeCode } from '../../dns/rr-types.ts';
import type { WireRecord } from '../../dns/types.ts';
import { recordSets, zones } from '../route53/model.ts';
import type { StoredZone } from '../route53/model.ts';
import { reversedName } from '../route53/name.ts';
import { firstNotBefore } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';

/** Developer Guide, "Multivalue answer routing": up to eight records. */
const MAX_MULTIVALUE = 8;
/** Aliases of aliases, each in a zone that is held here. */
const MAX_ALIASES = 8;

/** Sets of one name (canonical, as Route 53 lists it), of every type. */
export function setsAt(zone: StoredZone, name: string, data: Transaction): readonly ResourceRecordSet[] {
  return below(zone, `${reversedName(name)} `, data).flatMap((key) => data.get(recordSets(zone.id), key) ?? []);
}

/** Is there a set at the name or below it (RFC 4592 §2.2.2: an empty non-terminal exists)? */
export function exists(zone: StoredZone, name: string, data: Transaction): boolean {
  const keys = data.keys(recordSets(zone.id));
  const prefix = reversedName(name);
  return keys[firstNotBefore(keys, prefix)]?.startsWith(prefix) === true;
}

function below(zone: StoredZone, prefix: string, data: Transaction): readonly string[] {
  const keys = data.keys(recordSets(zone.id));
  const found: string[] = [];
  for (let index = firstNotBefore(keys, prefix); keys[index]?.startsWith(prefix) === true; index += 1) {
    found.push(keys[index] ?? '');
  }
  return found;
}

/**
 * The records of one type for an owner. Of sets with a routing policy one answers, always the same: the first that may
 * (a weight above 0, no failover's secondary), or all of a multivalue answer.
 *
 * @returns undefined for an alias to something that is not held here, such as a load balancer.
 */
export function recordsOf(
  sets: readonly ResourceRecordSet[],
  owner: string,
  data: Transaction,
  aliases = 0,
): readonly WireRecord[] | undefined {
  const [first] = sets;
  const chosen = first?.MultiValueAnswer === true ? sets : [sets.find(mayAnswer) ?? first];
  const records: WireRecord[] = [];
  for (const set of chosen) {
    const own = set?.AliasTarget === undefined ? plainRecords(set, owner) : aliasRecords(set, owner, data, aliases + 1);
    if (own === undefined) return undefined;
    records.push(...own);
  }
  return first?.MultiValueAnswer === true ? records.slice(0, MAX_MULTIVALUE) : records;
}

function mayAnswer({ Weight, Failover }: ResourceRecordSet): boolean {
  return Weight !== 0 && Failover !== 'SECONDARY';
}

function plainRecords(set: ResourceRecordSet | undefined, owner: string): readonly WireRecord[] {
  const type = typeCode(set?.Type ?? '') ?? 0;
  const name = parseName(owner, 'octal');
  return (set?.ResourceRecords ?? []).map(({ Value: value = '' }) => ({
    name,
    type,
    ttl: set?.TTL ?? 0,
    rdata: parseRdata(type, value, 'octal'),
  }));
}

function aliasRecords(
  { Type: type, AliasTarget: target }: ResourceRecordSet,
  owner: string,
  data: Transaction,
  aliases: number,
): readonly WireRecord[] | undefined {
  const zone = data.get(zones, target?.HostedZoneId ?? '');
  if (zone === undefined || aliases > MAX_ALIASES) return undefined;
  const sets = setsAt(zone, target?.DNSName ?? '', data).filter((set) => set.Type === type);
  return recordsOf(sets, owner, data, aliases);
}
