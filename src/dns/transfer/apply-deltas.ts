import { compareNames } from '../name.ts';
import { readSoa } from '../rdata.ts';
import type { RRset, WireRecord, Zone } from '../types.ts';
import type { DeltaStep } from './delta-chain.ts';
import { TouchedSet } from './touched-set.ts';

type Place = Pick<RRset, 'name' | 'type'>;

interface Touched {
  /** Index in the base: of the set, or of the first one behind it. */
  readonly at: number;
  readonly isNew: boolean;
  readonly set: TouchedSet;
}

/**
 * The zone that differences make of a base. The base stays as it is. Costs a search for each set that is touched, and
 * one walk over the base.
 *
 * @param soa the new SOA.
 * @throws TransferFault where the differences do not fit the base.
 */
export function applyDeltas(base: Zone, steps: readonly DeltaStep[], soa: WireRecord): Zone {
  const touched = touch(base, steps);
  const rrsets: RRset[] = [];
  const isLeft = (finding: Place): boolean => !touched.has(keyOf(finding)) && keyOf(finding) !== keyOf(soa);
  const findings = base.findings.filter(isLeft);
  let { records } = base;
  let next = 0;
  const byPlace = [...touched.values()].sort((a, b) => a.at - b.at || compare(a.set.draft, b.set.draft));
  for (const { at, isNew, set: draft } of byPlace) {
    next = copy(base.rrsets, rrsets, next, at);
    if (!isNew) {
      records -= base.rrsets[at]?.rdata.length ?? 0;
      next = at + 1;
    }
    const { set, finding } = draft.finish();
    if (finding !== undefined) findings.push(finding);
    if (set === undefined) continue;
    rrsets.push(set);
    records += set.rdata.length;
  }
  copy(base.rrsets, rrsets, next, base.rrsets.length);
  const { name, type, ttl, rdata } = soa;
  rrsets[find(rrsets, soa).at] = { name, type, ttl, rdata: [rdata] };
  return { origin: base.origin, soa: readSoa(rdata), records, rrsets, findings };
}

/** The sets that the steps name, as the steps leave them. */
function touch(base: Zone, steps: readonly DeltaStep[]): Map<string, Touched> {
  const merged = new Set(base.findings.map(keyOf));
  const touched = new Map<string, Touched>();

  function setOf(record: WireRecord): TouchedSet {
    const key = keyOf(record);
    const known = touched.get(key);
    if (known !== undefined) return known.set;
    const { at, isNew } = find(base.rrsets, record);
    const set = new TouchedSet(record, isNew ? undefined : base.rrsets[at], merged.has(key));
    touched.set(key, { at, isNew, set });
    return set;
  }

  for (const { deletes, adds } of steps) {
    for (const record of deletes) setOf(record).delete(record);
    for (const record of adds) setOf(record).add(record);
  }
  return touched;
}

/** Binary search in the order of `Zone.rrsets`. */
function find(rrsets: readonly RRset[], wanted: Place): Omit<Touched, 'set'> {
  let low = 0;
  let high = rrsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const set = rrsets[middle];
    const order = set === undefined ? 1 : compare(set, wanted);
    if (order === 0) return { at: middle, isNew: false };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { at: low, isNew: true };
}

function copy(from: readonly RRset[], to: RRset[], start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const set = from[at];
    if (set !== undefined) to.push(set);
  }
  return end;
}

function compare(a: Place, b: Place): number {
  return compareNames(a.name, b.name) || a.type - b.type;
}

/** A name ends itself. */
function keyOf({ name, type }: Place): string {
  return `${name}${type}`;
}
