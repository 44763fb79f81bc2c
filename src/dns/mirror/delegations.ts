import { isAtOrBelow } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { RRset, WireName, Zone } from '../types.ts';

/** A zone's sets, parted by whether the zone answers with them. */
interface Visibility {
  /** Authoritative data, the cuts themselves, and glue. */
  readonly visible: readonly RRset[];
  /** Below a delegation and not its glue: the zone's own servers never answer with it. */
  readonly occluded: readonly RRset[];
}

/** Canonical order puts all that is below a cut right behind it: one walk finds it. */
export function partByDelegation(zone: Zone): Visibility {
  const nameServers = new Set<WireName>();
  const isBelow: boolean[] = [];
  let cut: WireName | undefined;
  for (const set of zone.rrsets) {
    const below = cut !== undefined && set.name !== cut && isAtOrBelow(set.name, cut);
    isBelow.push(below);
    if (below || set.type !== RR.NS) continue;
    if (set.name !== zone.origin) cut = set.name;
    for (const target of set.rdata) nameServers.add(foldRdata(RR.NS, target));
  }
  const isOccluded = (set: RRset, index: number) =>
    isBelow[index] === true && !(isAddress(set) && nameServers.has(set.name));
  return {
    visible: zone.rrsets.filter((set, index) => !isOccluded(set, index)),
    occluded: zone.rrsets.filter(isOccluded),
  };
}

function isAddress({ type }: RRset): boolean {
  return type === RR.A || type === RR.AAAA;
}
