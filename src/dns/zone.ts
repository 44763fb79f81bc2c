import { ZoneError } from './errors.ts';
import { formatName } from './name.ts';
import { foldRdata, readSoa } from './rdata.ts';
import { RR } from './rr-types.ts';
import type { Rdata, RRsetList, Soa, WireName, WireRecord, Zone, ZoneFinding } from './types.ts';
import { RecordStore } from './zone/record-store.ts';
import { StoredRRsets } from './zone/stored-rrsets.ts';

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
  const builder = new ZoneBuilder();
  for (const record of records) builder.add(record);
  return builder.build(origin, findings);
}

/** {@link buildZone} for records that come one by one: nothing of one is held but its octets. */
export class ZoneBuilder {
  readonly #store = new RecordStore();
  readonly #found: ZoneFinding[] = [];

  add(record: WireRecord): void {
    this.#store.add(record);
  }

  /** Once, and nothing may be added afterwards. @throws ZoneError, MalformedRdataError as `buildZone`. */
  build(origin: WireName, findings: readonly ZoneFinding[]): Zone {
    const store = this.#store;
    const order = store.inOrder();
    const starts = new Uint32Array(order.length + 1);
    let sets = 0;
    let kept = 0;
    for (let start = 0, end = 0; start < order.length; start = end) {
      end = start + 1;
      while (end < order.length && store.areOfOneSet(order[start] ?? 0, order[end] ?? 0)) end += 1;
      // What is kept never reaches beyond what was read.
      for (const index of this.#merge(order, start, end, origin)) {
        order[kept] = index;
        kept += 1;
      }
      sets += 1;
      starts[sets] = kept;
    }
    const rrsets = new StoredRRsets(store, order, starts.subarray(0, sets + 1));
    const soa = findSoa(origin, rrsets);
    return { origin, soa, records: kept, rrsets, findings: [...findings, ...this.#found] };
  }

  /** The records of one set without duplicates, in canonical order, with one TTL. */
  #merge(order: Uint32Array, start: number, end: number, origin: WireName): readonly number[] {
    const first = order[start] ?? 0;
    if (end - start === 1) return [first];
    const set = [...order.subarray(start, end)];
    const [name, type] = [this.#store.name(first), this.#store.type(first)];
    const merged = this.#canonical(type, set);
    const duplicates = set.length - merged.length;
    if (duplicates > 0 && !(type === RR.SOA && name === origin)) {
      const detail = `${duplicates} of ${set.length} records are duplicates.`;
      this.#found.push({ code: 'duplicate-record', name, type, detail });
    }
    let lowest = this.#store.ttl(first);
    let highest = lowest;
    for (const index of set) {
      lowest = Math.min(lowest, this.#store.ttl(index));
      highest = Math.max(highest, this.#store.ttl(index));
    }
    this.#store.setTtl(merged[0] ?? first, lowest);
    // Signatures of one owner are no set: each has the TTL of what it signs (RFC 4034 §3).
    if (lowest === highest || type === RR.RRSIG) return merged;
    const detail = `The records have TTLs from ${lowest} to ${highest}; the lowest is taken.`;
    this.#found.push({ code: 'ttl-mismatch', name, type, detail });
    return merged;
  }

  /** Sorted by what they compare by (RFC 4034 §6.3), the first of each spelling kept. */
  #canonical(type: number, set: readonly number[]): readonly number[] {
    const keys = set.map((index) => foldRdata(type, this.#store.rdata(index)));
    if (isAscending(keys)) return set;
    const folded = new Map<Rdata, number>();
    for (const [at, index] of set.entries()) {
      const key = keys[at] ?? '';
      if (!folded.has(key)) folded.set(key, index);
    }
    return [...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, index]) => index);
  }
}

function isAscending(keys: readonly Rdata[]): boolean {
  return keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') < key);
}

function findSoa(origin: WireName, rrsets: RRsetList): Soa {
  const apex = rrsets.find(({ name, type }) => type === RR.SOA && name === origin);
  const [rdata, second] = apex?.rdata ?? [];
  const zone = formatName(origin, 'decimal');
  if (rdata === undefined) throw new ZoneError(`The zone ${zone} has no SOA record at its apex.`, { code: 'no-soa' });
  if (second === undefined) return readSoa(rdata);
  throw new ZoneError(`The zone ${zone} has several SOA records at its apex.`, { code: 'several-soas' });
}
