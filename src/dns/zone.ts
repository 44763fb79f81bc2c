import { ZoneError } from './errors.ts';
import { compareNames, formatName } from './name.ts';
import { foldRdata, readSoa } from './rdata.ts';
import { RR } from './rr-types.ts';
import type { Rdata, RRset, Soa, WireName, WireRecord, Zone, ZoneFinding } from './types.ts';

interface OpenRRset {
  readonly name: WireName;
  readonly type: number;
  /** The lowest so far. */
  ttl: number;
  rdata: Rdata[];
}

/**
 * One zone from its records, in any order: RRsets in canonical order, duplicates merged, the lowest of several TTLs
 * taken. Owners are folded and inside the zone already. The apex SOA may come again at the end, as transfers have it.
 * @param findings What reading the records has found already.
 * @throws ZoneError `no-soa`, or `several-soas` where the apex has distinct ones.
 * @throws MalformedRdataError for a SOA that breaks its layout.
 */
export function buildZone(
  origin: WireName,
  records: Iterable<WireRecord>,
  findings: readonly ZoneFinding[] = [],
): Zone {
  const highestTtl = new Map<OpenRRset, number>();
  const runs = joinNeighbours(openSets(records), highestTtl);
  runs.sort((a, b) => compareNames(a.name, b.name) || a.type - b.type);
  const rrsets = joinNeighbours(runs, highestTtl);

  const found = [...findings];
  let count = 0;
  for (const set of rrsets) {
    const { name, type, ttl } = set;
    const given = set.rdata.length;
    set.rdata = canonicalRdata(type, set.rdata);
    count += set.rdata.length;
    const duplicates = given - set.rdata.length;
    if (duplicates > 0 && !(type === RR.SOA && name === origin)) {
      found.push({ code: 'duplicate-record', name, type, detail: `${duplicates} of ${given} records are duplicates.` });
    }
    const highest = highestTtl.get(set);
    // Signatures of one owner are no set: each has the TTL of what it signs (RFC 4034 §3).
    if (highest === undefined || type === RR.RRSIG) continue;
    const detail = `The records have TTLs from ${ttl} to ${highest}; the lowest is taken.`;
    found.push({ code: 'ttl-mismatch', name, type, detail });
  }
  return { origin, soa: findSoa(origin, rrsets), records: count, rrsets, findings: found };
}

function* openSets(records: Iterable<WireRecord>): Generator<OpenRRset> {
  for (const { name, type, ttl, rdata } of records) yield { name, type, ttl, rdata: [rdata] };
}

/**
 * Sets of one owner and type that follow each other become one. Run before sorting and after: primaries send in order,
 * so this needs no index of a million names.
 */
function joinNeighbours(sets: Iterable<OpenRRset>, highestTtl: Map<OpenRRset, number>): OpenRRset[] {
  const joined: OpenRRset[] = [];
  let last: OpenRRset | undefined;
  for (const set of sets) {
    if (last === undefined || last.type !== set.type || last.name !== set.name) {
      joined.push(set);
      last = set;
      continue;
    }
    for (const rdata of set.rdata) last.rdata.push(rdata);
    const highest = Math.max(highestTtl.get(last) ?? last.ttl, highestTtl.get(set) ?? set.ttl);
    last.ttl = Math.min(last.ttl, set.ttl);
    if (highest > last.ttl) highestTtl.set(last, highest);
  }
  return joined;
}

/** Sorted by what they compare by (RFC 4034 §6.3), the first of each spelling kept. */
function canonicalRdata(type: number, rdata: Rdata[]): Rdata[] {
  if (rdata.length === 1) return rdata;
  const folded = new Map<Rdata, Rdata>();
  for (const one of rdata) {
    const key = foldRdata(type, one);
    if (!folded.has(key)) folded.set(key, one);
  }
  return [...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function findSoa(origin: WireName, rrsets: readonly RRset[]): Soa {
  const apex = rrsets.find(({ name, type }) => type === RR.SOA && name === origin);
  const [rdata, second] = apex?.rdata ?? [];
  const zone = formatName(origin, 'decimal');
  if (rdata === undefined) throw new ZoneError(`The zone ${zone} has no SOA record at its apex.`, { code: 'no-soa' });
  if (second === undefined) return readSoa(rdata);
  throw new ZoneError(`The zone ${zone} has several SOA records at its apex.`, { code: 'several-soas' });
}
