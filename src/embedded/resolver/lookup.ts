import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

import { formatName } from '../../dns/name.ts';
import { RR } from '../../dns/rr-types.ts';
import type { WireRecord } from '../../dns/types.ts';
import { readSoa } from '../../dns/rdata.ts';
import type { StoredZone } from '../route53/model.ts';
import type { Transaction } from '../store/database.ts';
import { exists, recordsOf, setsAt } from './sets.ts';

/** What a zone says to a question. */
export type ZoneAnswer =
  | { readonly kind: 'records'; readonly records: readonly WireRecord[] }
  /** Another name is to be asked for, as text. */
  | { readonly kind: 'cname'; readonly record: WireRecord; readonly target: string }
  /** Other servers are to be asked. */
  | {
      readonly kind: 'referral';
      readonly cut: string;
      readonly servers: readonly WireRecord[];
      readonly glue: readonly WireRecord[];
    }
  | { readonly kind: 'no-data' | 'no-name'; readonly soa: readonly WireRecord[] }
  /** An alias to something that is not held here. */
  | { readonly kind: 'failure' };

const WILDCARD = '\\052';

/**
 * Looks a name up in a zone that holds it (RFC 1034 §4.3.2, RFC 4592).
 *
 * @param name canonical, in the zone. @param delegates does the zone refer to the servers of its delegations?
 */
export function lookUp(
  zone: StoredZone,
  { name, type, delegates }: { readonly name: string; readonly type: string; readonly delegates: boolean },
  data: Transaction,
): ZoneAnswer {
  const cut = delegates ? cutAbove(zone, name, type, data) : undefined;
  if (cut !== undefined) return referral(zone, cut, data);
  if (exists(zone, name, data)) return answerFrom(zone, setsAt(zone, name, data), { name, type }, data);
  const encloser = ancestors(name, zone.name).find((ancestor) => exists(zone, ancestor, data)) ?? zone.name;
  const wildcard = `${WILDCARD}.${encloser === '.' ? '' : encloser}`;
  if (!exists(zone, wildcard, data)) return { kind: 'no-name', soa: negativeSoa(zone, data) };
  return answerFrom(zone, setsAt(zone, wildcard, data), { name, type }, data);
}

function answerFrom(
  zone: StoredZone,
  sets: readonly ResourceRecordSet[],
  { name, type }: { readonly name: string; readonly type: string },
  data: Transaction,
): ZoneAnswer {
  const aliased = sets.filter((set) => set.Type === 'CNAME');
  const wanted = sets.filter((set) => set.Type === type);
  const records = recordsOf(wanted.length > 0 ? wanted : aliased, name, data);
  if (records === undefined) return { kind: 'failure' };
  const [record] = records;
  if (record === undefined) return { kind: 'no-data', soa: negativeSoa(zone, data) };
  if (wanted.length > 0) return { kind: 'records', records };
  return { kind: 'cname', record, target: formatName(record.rdata, 'octal').toLowerCase() };
}

/** The name of the delegation that a name lies at or below; the parent itself answers for DS (RFC 4035 §3.1.4.1). */
function cutAbove(zone: StoredZone, name: string, type: string, data: Transaction): string | undefined {
  const path = [name, ...ancestors(name, zone.name)].filter((at) => at !== zone.name).reverse();
  return path.find((at) => !(at === name && type === 'DS') && setsAt(zone, at, data).some((set) => set.Type === 'NS'));
}

function referral(zone: StoredZone, cut: string, data: Transaction): ZoneAnswer {
  const named = setsAt(zone, cut, data).filter((set) => set.Type === 'NS');
  const servers = recordsOf(named, cut, data) ?? [];
  const glue = servers.flatMap(({ rdata }) => {
    const host = formatName(rdata, 'octal').toLowerCase();
    const sets = setsAt(zone, host, data);
    return ['A', 'AAAA'].flatMap(
      (type) =>
        recordsOf(
          sets.filter((set) => set.Type === type),
          host,
          data,
        ) ?? [],
    );
  });
  return { kind: 'referral', cut, servers, glue };
}

/** Names above a name, the nearest first, down to the zone's own. */
function ancestors(name: string, top: string): readonly string[] {
  const found: string[] = [];
  for (let at = name; at !== top && at !== '.' && at !== '';) {
    at = at.slice(at.indexOf('.') + 1) || '.';
    found.push(at);
  }
  return found;
}

/** RFC 2308 §5: a negative answer lives as long as the lower of the SOA's own TTL and its minimum. */
function negativeSoa(zone: StoredZone, data: Transaction): readonly WireRecord[] {
  const sets = setsAt(zone, zone.name, data).filter((set) => set.Type === 'SOA');
  return (recordsOf(sets, zone.name, data) ?? []).map((record) => ({
    ...record,
    ttl: record.type === RR.SOA ? Math.min(record.ttl, readSoa(record.rdata).minimum) : record.ttl,
  }));
}
