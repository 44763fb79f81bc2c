import { compareNames } from '../name.ts';
import type { RRset, RRsetList, WireRecord, Zone } from '../types.ts';
import { ZoneBuilder } from '../zone.ts';
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
  const builder = new ZoneBuilder();
  const isLeft = (finding: Place): boolean => !touched.has(keyOf(finding)) && keyOf(finding) !== keyOf(soa);
  const findings = base.findings.filter(isLeft);
  let next = 0;
  const byPlace = [...touched.values()].sort((a, b) => a.at - b.at || compare(a.set.draft, b.set.draft));
  for (const { at, isNew, set: draft } of byPlace) {
    copyTo(at);
    if (!isNew) next = at + 1;
    const { set, finding } = draft.finish();
    if (finding !== undefined) findings.push(finding);
    put(set);
  }
  copyTo(base.rrsets.length);
  builder.add(soa);
  return builder.build(base.origin, findings);

  function copyTo(end: number): void {
    for (; next < end; next += 1) put(base.rrsets.at(next));
  }

  function put(set: RRset | undefined): void {
    if (set === undefined || keyOf(set) === keyOf(soa)) return;
    for (const rdata of set.rdata) builder.add({ name: set.name, type: set.type, ttl: set.ttl, rdata });
  }
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
    const set = new TouchedSet(record, isNew ? undefined : base.rrsets.at(at), merged.has(key));
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
function find(rrsets: RRsetList, wanted: Place): Omit<Touched, 'set'> {
  let low = 0;
  let high = rrsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const set = rrsets.at(middle);
    const order = set === undefined ? 1 : compare(set, wanted);
    if (order === 0) return { at: middle, isNew: false };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { at: low, isNew: true };
}

function compare(a: Place, b: Place): number {
  return compareNames(a.name, b.name) || a.type - b.type;
}

/** A name ends itself. */
function keyOf({ name, type }: Place): string {
  return `${name}${type}`;
}
