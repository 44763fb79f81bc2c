import { formatName } from '../dns/name.ts';
import { formatRdata } from '../dns/rdata.ts';
import { typeName } from '../dns/rr-types.ts';
import type { RRset, RRsetChange, RRsetList } from '../dns/types.ts';

/** Record sets as data: absolute names, values as master files write them. */
export function setsOf(sets: RRsetList) {
  return sets.map((set) => ({ name: formatName(set.name, 'decimal'), type: typeName(set.type), ...sideOf(set) }));
}

/** Changes as the planner's `records[]`. */
export function changesOf(changes: readonly RRsetChange[]) {
  return changes.map(({ name, type, before, after }) => ({
    action: before ? (after ? 'change' : 'remove') : 'add',
    name: formatName(name, 'decimal'),
    type: typeName(type),
    before: before ? sideOf(before) : null,
    after: after ? sideOf(after) : null,
  }));
}

function sideOf({ type, ttl, rdata }: RRset) {
  return { ttl, values: rdata.map((value) => formatRdata(type, value, 'decimal')) };
}
