import { compareNames, isAtOrBelow } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { RRsetChange, WireName } from '../types.ts';
import type { Unit } from './groups.ts';

/**
 * Pairs of units (indices) that make one delegation: a cut's NS and the addresses at or below it that they point to.
 * Glue that goes while its cut becomes an ordinary name is left alone: the name may live on through a wildcard.
 */
export function delegationPairs(units: readonly Unit[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (const [cut, unit] of units.entries()) {
    const ns = unit.changes.find((change) => change.type === RR.NS);
    if (ns === undefined || (unit.writes && ns.after === undefined)) continue;
    for (const target of targetsOf(ns)) {
      const glue = isAtOrBelow(target, unit.name) ? findUnit(units, target) : undefined;
      const glueUnit = glue === undefined ? undefined : units[glue];
      if (glue === undefined || glueUnit === undefined || !holdsAddresses(glueUnit)) continue;
      if (unit.writes || !glueUnit.writes) pairs.push([cut, glue]);
    }
  }
  return pairs;
}

function targetsOf(ns: RRsetChange): Set<WireName> {
  const rdata = [...(ns.before?.rdata ?? []), ...(ns.after?.rdata ?? [])];
  return new Set(rdata.map((target) => foldRdata(RR.NS, target)));
}

function holdsAddresses(unit: Unit): boolean {
  return unit.changes.some(({ type }) => type === RR.A || type === RR.AAAA);
}

/** Binary search; units are in canonical order. */
function findUnit(units: readonly Unit[], name: WireName): number | undefined {
  let low = 0;
  let high = units.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareNames(units[middle]?.name ?? name, name);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
